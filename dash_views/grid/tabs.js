/*
 * The BoardTabs component: the tabs of a dashboard above its board, and for authors what is done to them. A tab is
 * opened in the browser alone; its tiles are asked for when they are drawn.
 */
(function () {
  'use strict';

  const { Fragment, createElement: h, useEffect, useLayoutEffect, useReducer, useRef, useState } = window.React;
  const { acts, geometry, picks, view, words: { tab: SAID } } = window.dash_views;
  const { WORDS, act, icon, tool } = acts;

  const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

  function Tab({ tab, index, tabs, open, editable, icons, isEditing, edit }) {
    const isOpen = tab.id === open;
    const [over, setOver] = useState(false);
    const title = isEditing
      ? h('input', {
        className: 'board-tab-input', defaultValue: tab.title, autoFocus: true, maxLength: 200, 'aria-label': WORDS.rename,
        onFocus: (event) => event.target.select(),
        onBlur: (event) => { rename(tab, event.target.value); edit(null); },
        onKeyDown: (event) => {
          event.stopPropagation();
          if (event.key === 'Escape') event.target.value = tab.title;
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          acts.back(`#tab-${CSS.escape(tab.id)}`);
          event.target.blur();
        },
      })
      : h('button', {
        type: 'button', role: 'tab', id: `tab-${tab.id}`, 'aria-selected': isOpen, 'aria-controls': 'grid', tabIndex: isOpen ? 0 : -1,
        className: 'board-tab-button', title: tab.subtitle || undefined, style: { '--look': acts.paint(tab.color) },
        onClick: () => view.go({ tab: tab.id, tile: null }),
        onDoubleClick: editable ? () => edit(tab.id) : undefined,
        draggable: editable,
        onDragStart: (event) => { event.dataTransfer.setData('application/x-depictio-tab', tab.id); event.dataTransfer.effectAllowed = 'move'; },
        onKeyDown: (event) => pressed(event, { tab, index, tabs, editable, edit }),
      }, tab.symbol ? icon(tab.symbol) : null, h('span', null, tab.title));
    return h('div', {
      className: `board-tab${isOpen ? ' is-open' : ''}${over ? ' is-target' : ''}`, role: 'presentation', 'data-tab-drop': tab.id,
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes('application/x-depictio-tab')) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        setOver(false);
        const moved = event.dataTransfer.getData('application/x-depictio-tab');
        if (moved && moved !== tab.id) act('move_tab', { tab_id: moved, index });
      },
    }, title);
  }

  /* What is done to the open tab stands beside the list, whose children are tabs and nothing else. */
  function TabTools({ tab, index, tabs, icons }) {
    return h('div', { className: 'board-tab-tools', role: 'group', 'aria-label': tab.title },
      tool('pencil', SAID.edit(tab.title), () => acts.editTab(tab, icons)),
      index > 0 ? tool('chevron-left', WORDS.lessLeft, () => shift(tab, index - 1, WORDS.lessLeft, WORDS.moreRight)) : null,
      index < tabs.length - 1 ? tool('chevron-right', WORDS.moreRight, () => shift(tab, index + 1, WORDS.moreRight, WORDS.lessLeft)) : null,
      tabs.length > 1 ? tool('trash', SAID.remove(tab.title), () => remove(tab)) : null);
  }

  /* At the end of the row the button is gone: then the other one has the focus. */
  function shift(tab, index, ...labels) {
    acts.back(...labels.map(acts.labelled));
    act('move_tab', { tab_id: tab.id, index });
  }

  function rename(tab, title) {
    const { id, subtitle, icon: look, color } = tab;
    if (title.trim() && title.trim() !== tab.title) act('set_tab', { tab: { id, subtitle, icon: look, color, title: title.trim() } });
  }

  async function remove(tab) {
    if (!await acts.sure(WORDS.removeTab(tab.title))) return;
    acts.back('.board-tab [role=tab][aria-selected=true]');
    act('remove_tab', { tab_id: tab.id });
  }

  /* As the pattern of tabs has it: arrows open the next one; with Shift an author moves the tab. F2 renames. */
  function pressed(event, { tab, index, tabs, editable, edit }) {
    const step = STEPS[event.key];
    if (event.key === 'F2' && editable) edit(tab.id);
    if (editable && event.key === 'Delete' && tabs.length > 1) remove(tab);
    const ends = { Home: 0, End: tabs.length - 1 };
    const to = step ? (index + step + tabs.length) % tabs.length : ends[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey && editable && step) {
      act('move_tab', { tab_id: tab.id, index: index + step });
      return;
    }
    view.go({ tab: tabs[to].id, tile: null });
    window.requestAnimationFrame(() => document.getElementById(`tab-${tabs[to].id}`)?.focus());
  }

  function BoardTabs({ id, tabs = [], sections = [], breakpoints = [], icons = [], editable = false, children }) {
    view.useView();
    const [editing, edit] = useState(null);
    const list = useRef(null);
    const known = useRef(tabs.map((tab) => tab.id));
    const open = view.tab(tabs);
    useEffect(() => {
      // A tab that this author has just made is opened, to be named.
      const fresh = tabs.filter((tab) => !known.current.includes(tab.id)).pop();
      known.current = tabs.map((tab) => tab.id);
      if (!fresh || !adding) return;
      adding = false;
      view.go({ tab: fresh.id, tile: null });
      edit(fresh.id);
    }, [tabs]);
    const strip = tabs.length > 1 || (editable && tabs.length)
      ? h('div', { ref: list, className: 'board-tab-list', role: editing ? 'group' : 'tablist', 'aria-label': WORDS.tabs },
        tabs.map((tab, index) => h(Tab, { key: tab.id, tab, index, tabs, open, editable, icons, isEditing: editing === tab.id, edit })))
      : null;
    // The open tab is in sight, whoever opened it: a link, a key, the back button. The page itself does not scroll.
    useLayoutEffect(() => { if (list.current) reveal(list.current); }, [open, tabs.length, Boolean(editing)]);
    useLayoutEffect(acts.refocus);
    const shown = tabs.find((tab) => tab.id === open);
    return h('div', { id, className: `board-tabs${strip ? '' : ' is-plain'}`, 'data-open': open },
      strip,
      editable && shown ? h(TabTools, { tab: shown, index: tabs.indexOf(shown), tabs, icons }) : null,
      shown && shown.subtitle ? h('p', { className: 'dp-soft board-tab-subtitle' }, shown.subtitle) : null,
      h('div', { className: 'board-more', id: 'board-more' },
        editable ? h('div', { className: 'board-tab-adds' },
          button('plus', WORDS.addTab, () => { adding = true; act('add_tab', { title: WORDS.newTab }); }),
          button('layout-grid', WORDS.addSection, () => addSection(free(sections, open), open), 'add-section'),
          tool('adjustments-horizontal', WORDS.widths, () => acts.editWidths(geometry.breakpoints(breakpoints))),
          h(TileTools, { open })) : null,
        h('div', { className: 'board-tab-more' }, children)));
  }

  /* What stands beside the tabs for several tiles: they are put in order, chosen, and pasted. */
  function TileTools({ open }) {
    const [, again] = useReducer((count) => count + 1, 0);
    useEffect(() => {
      window.addEventListener('depictio:picks', again);
      return () => window.removeEventListener('depictio:picks', again);
    }, []);
    const [copied, isChoosing] = [picks.copied(), picks.isChoosing()];
    return h(Fragment, null,
      tool('layout-dashboard', WORDS.arrange, () => act('arrange_section', { place: { tab: open, section: '' } })),
      tool('box-multiple', WORDS.choose, () => picks.choose(!isChoosing), { 'aria-pressed': isChoosing }),
      copied ? button('clipboard-plus', WORDS.paste(copied.tiles.length), () => picks.paste(copied)) : null);
  }

  let adding = false; // whether this author waits for a tab

  const button = (name, label, onClick, id) => h('button', { type: 'button', id, className: 'dp-button', 'data-kind': 'quiet', onClick }, icon(name), label);

  /* A section is made below all others: it is brought into sight there, to be named. */
  function addSection(name, tab) {
    acts.naming = name;
    act('add_section', { where: 'grid_sections', section: { name, tab } });
  }

  function reveal(list) {
    const tab = list.querySelector('.board-tab.is-open');
    if (!tab) return;
    const [frame, box] = [list.getBoundingClientRect(), tab.getBoundingClientRect()];
    if (box.left < frame.left) list.scrollLeft += box.left - frame.left;
    else if (box.right > frame.right) list.scrollLeft += Math.min(box.right - frame.right, box.left - frame.left);
  }

  function free(sections, tab) {
    const names = new Set(sections.filter((one) => one.tab === tab).map((one) => one.name));
    let name = WORDS.newSection;
    for (let number = 2; names.has(name); number += 1) name = WORDS.nextSection(number);
    return name;
  }

  window.dash_views.BoardTabs = BoardTabs;
})();
