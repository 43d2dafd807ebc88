/*
 * Members in what is written: names that an @ offers, and names that are marked where it is read.
 */
(function () {
  'use strict';

  const { element: h } = window.depictio.parts;
  const OFFERED = 8;

  /* The text with the names of those who are mentioned marked; it is never HTML. */
  function named(text, mentions, people) {
    const names = people.filter((one) => mentions.includes(one.id)).map((one) => `@${one.name}`).sort((a, b) => b.length - a.length);
    if (!names.length) return [text];
    const pattern = new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`);
    return text.split(pattern).map((part) => (names.includes(part) ? h('span', { className: 'talk-name' }, part) : part));
  }

  /* Members whose names begin with what stands after the last @. */
  function suggest(area, list, people) {
    let at = -1;
    let shown = [];
    let chosen = 0;
    const hide = () => { list.hidden = true; area.setAttribute('aria-expanded', 'false'); area.removeAttribute('aria-activedescendant'); };
    const take = (person) => {
      const end = area.selectionStart;
      area.setRangeText(`@${person.name} `, at, end, 'end');
      hide();
      area.focus();
      area.dispatchEvent(new Event('input'));
    };
    const draw = () => {
      list.replaceChildren(...shown.map((person, index) => {
        const option = h('li', { role: 'option', id: `${list.id}-${index}`, 'aria-selected': String(index === chosen) }, person.name);
        option.addEventListener('mousedown', (event) => { event.preventDefault(); take(person); });
        return option;
      }));
      area.setAttribute('aria-activedescendant', `${list.id}-${chosen}`);
    };
    area.addEventListener('input', () => {
      const before = area.value.slice(0, area.selectionStart);
      const found = before.match(/(?:^|\s)@([^@\n]{0,40})$/);
      shown = found ? people.filter((one) => one.name.toLowerCase().startsWith(found[1].toLowerCase())).slice(0, OFFERED) : [];
      if (!shown.length) { hide(); return; }
      [at, chosen] = [before.lastIndexOf('@'), 0];
      list.hidden = false;
      area.setAttribute('aria-expanded', 'true');
      draw();
    });
    area.addEventListener('keydown', (event) => {
      if (list.hidden) {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
        return;
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { chosen = (chosen + step + shown.length) % shown.length; draw(); }
      if (event.key === 'Enter' || event.key === 'Tab') take(shown[chosen]);
      if (event.key === 'Escape') hide();
      if (step || ['Enter', 'Tab', 'Escape'].includes(event.key)) { event.preventDefault(); event.stopPropagation(); }
    });
    area.addEventListener('blur', hide);
  }

  window.depictio.mentions = { named, suggest };
})();
