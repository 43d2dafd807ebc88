/*
 * The heading of a section: it folds, and authors rename it where it stands, move it and say how it looks.
 */
(function () {
  'use strict';

  const { createElement: h, useEffect, useLayoutEffect, useRef } = window.React;
  const { acts, view, words: { section: SAID } } = window.dash_views;
  const { WORDS, act, icon, tool } = acts;
  const WHERE = 'grid_sections';

  function place(section) {
    return { tab: section.tab, section: section.name };
  }

  function rename(section, name) {
    if (!name.trim() || name.trim() === section.name) return;
    act('set_section', { where: WHERE, place: place(section), section: { ...plain(section), name: name.trim() } });
  }

  /* The section as it is stored: without what only the browser needs. */
  function plain({ symbol, ...stored }) {
    return stored;
  }

  async function remove(section) {
    if (!await acts.sure(WORDS.removeSection(section.name))) return;
    acts.back('#add-section');
    act('remove_section', { where: WHERE, place: place(section) });
  }

  /* At an end of the tab the button is gone: then the other one has the focus. */
  function shift(section, index, ...labels) {
    acts.back(...labels.map(acts.labelled));
    act('move_section', { where: WHERE, place: place(section), index });
  }

  function SectionHead({ section, index, count, many, editable, icons, bodyId }) {
    const isFolded = view.isFolded(section);
    const named = useRef(null);
    useEffect(() => {
      if (!named.current || acts.naming !== section.name) return;
      acts.naming = null;
      named.current.scrollIntoView({ block: 'center' });
      named.current.focus({ preventScroll: true });
      named.current.select();
    }, []);
    useLayoutEffect(acts.refocus);
    const label = (isFolded ? SAID.unfold : SAID.fold)(section.name);
    const name = editable
      ? h('input', {
        key: section.name, ref: named, className: 'section-name section-input', defaultValue: section.name, maxLength: 200, 'aria-label': SAID.name(section.name),
        onBlur: (event) => { if (!event.target.value.trim()) event.target.value = section.name; rename(section, event.target.value); },
        onKeyDown: (event) => {
          if (event.key === 'Escape') event.target.value = section.name;
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          const name = event.target.value.trim() || section.name;
          acts.back(...[name, section.name].flatMap((one) => [SAID.fold(one), SAID.unfold(one)]).map(acts.labelled));
          event.target.closest('.section-head').querySelector('.section-fold').focus();
        },
      })
      : h('h2', { className: 'section-name' }, section.name);
    return h('div', { className: 'section-head', style: { '--look': acts.paint(section.color) } },
      h('button', {
        type: 'button', className: 'tile-tool section-fold', 'aria-expanded': !isFolded, 'aria-controls': bodyId, 'aria-label': label, title: label,
        onClick: () => view.fold(section, !isFolded),
      }, icon(isFolded ? 'chevron-right' : 'chevron-down')),
      section.symbol ? icon(section.symbol, 'dp-icon section-icon') : null,
      editable ? h('h2', { className: 'dp-hidden' }, section.name) : null,
      h('div', { className: 'section-names' }, name, section.description ? h('p', { className: 'section-description' }, section.description) : null),
      isFolded && many ? h('span', { className: 'section-count' }, SAID.many(many)) : null,
      editable ? h('div', { className: 'section-tools' },
        tool('plus', SAID.tile(section.name), () => document.dispatchEvent(new CustomEvent('depictio:add', { detail: place(section) }))),
        tool('layout-dashboard', SAID.arrange(section.name), () => act('arrange_section', { place: place(section) })),
        index > 0 ? tool('chevron-up', SAID.up(section.name), () => shift(section, index - 1, SAID.up(section.name), SAID.down(section.name))) : null,
        index < count - 1 ? tool('chevron-down', SAID.down(section.name), () => shift(section, index + 1, SAID.down(section.name), SAID.up(section.name))) : null,
        tool('pencil', SAID.edit(section.name), () => acts.editSection(WHERE, section, icons)),
        tool('trash', SAID.remove(section.name), () => remove(section))) : null);
  }

  window.dash_views.SectionHead = SectionHead;
})();
