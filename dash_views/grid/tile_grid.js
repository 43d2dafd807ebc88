/*
 * The TileGrid component: the sections of the open tab, each with a grid of its own.
 */
(function () {
  'use strict';

  const { cloneElement, createElement, isValidElement, useLayoutEffect, useRef } = window.React;
  const { Grid, picks, SectionHead, view, words: { grid: WORDS } } = window.dash_views;

  /*
   * Dash draws every child anew when the list of children changes, which would reset charts when a tile is added. A
   * child whose item carries the same `rev`, at the same place of the list, is kept as it is.
   */
  function keep(child, item, index, kept) {
    if (!isValidElement(child)) return child;
    const mark = item.rev === undefined ? undefined : `${index} ${item.rev}`;
    const before = kept.get(item.id);
    const render = mark !== undefined && before && before.mark === mark ? before.render : child.props._newRender;
    kept.set(item.id, { mark, render });
    return cloneElement(child, { key: 'content', _newRender: render });
  }

  function tile(item, child, index, kept) {
    return createElement('div', { key: item.id, className: 'grid-stack-item', 'data-tile': item.id },
      createElement('div', { className: 'grid-stack-item-content' }, keep(child, item, index, kept)));
  }

  /* Where an item stands: domain/tabs.py has the same rule. */
  function homeOf(item, { tabs, sections }) {
    const tab = tabs.some((one) => one.id === item.tab) ? item.tab : (tabs[0] || { id: '' }).id;
    const isNamed = sections.some((one) => one.tab === tab && one.name === item.section);
    return JSON.stringify([tab, isNamed ? item.section : '']);
  }

  function SectionGrid({ entries, kept, ...props }) {
    const section = useRef(null);
    const grid = useRef(null);
    useLayoutEffect(() => {
      grid.current = new Grid(section.current, props);
      return () => grid.current.close();
    }, [props.columns, props.handle]);
    useLayoutEffect(() => {
      grid.current.update(props);
      picks.show();
    });
    const { tab, name } = props.section;
    return createElement('div', {
      ref: section, id: props.bodyId, className: 'tile-section', 'data-section-tab': tab, 'data-section-name': name,
      'data-empty': entries.length ? undefined : '',
    }, createElement('div', { className: 'grid-stack' }, entries.map(([item, child, index]) => tile(item, child, index, kept))));
  }

  /* Two answers that were on their way at once may both have brought a tile: the last one counts, for Dash too. */
  function once(items) {
    const last = new Map(items.map((item, index) => [item && item.id, index]));
    return items.map((item, index) => (item && last.get(item.id) === index ? item : null));
  }

  /* A tile that has come to stand elsewhere is mounted anew there, empty: stage.js asks for what it shows. */
  function useMoves(items, homes) {
    const before = useRef({ ids: new Set(), homes: new Map() });
    useLayoutEffect(() => {
      const { ids, homes: were } = before.current;
      before.current = { ids: new Set(items.filter(Boolean).map(({ id }) => id)), homes };
      if ([...homes].some(([id, home]) => ids.has(id) && were.get(id) !== home)) document.dispatchEvent(new CustomEvent('depictio:moved'));
    });
  }

  function TileGrid(given) {
    const props = { columns: 8, editable: false, handle: '.tile-handle', tabs: [], sections: [], breakpoints: [], icons: [], ...given };
    view.useView();
    const kept = useRef(new Map()).current;
    const latest = useRef(props);
    latest.current = props;
    const children = [].concat(props.children === undefined ? [] : props.children);
    const items = once(props.items || []);
    const open = view.tab(props.tabs);
    const shown = view.sections(open, props.sections);

    /* The items hold what was reported too, so that later changes of them start from what is seen. */
    function report(places) {
      const moved = latest.current.items.map((item) => (item && places.has(item.id) ? { ...item, ...places.get(item.id) } : item));
      latest.current.setProps({ items: moved, layout: [...places.values()] });
    }

    function move(ids, place, at) {
      window.dash_views.acts.act('move_tiles', { tiles: ids, place, at });
    }

    const own = (section) => JSON.stringify([section.tab, section.name]);
    const homes = new Map();
    const named = shown.filter((section) => section.name && section.tab === open && !section.persistent).map(own);
    let many = 0; // of the tiles of this tab
    const drawn = shown.map((section, number) => {
      const entries = items.map((item, index) => [item, children[index], index])
        .filter(([item]) => item && homeOf(item, props) === own(section));
      many += entries.length;
      const bodyId = `${props.id}-section-${number}`;
      const isFolded = Boolean(section.name) && view.isFolded(section);
      const head = section.name ? createElement(SectionHead, {
        section, bodyId, many: entries.length, editable: props.editable, icons: props.icons, index: named.indexOf(own(section)), count: named.length,
      }) : null;
      if (!isFolded) for (const [item] of entries) homes.set(item.id, own(section));
      const body = isFolded ? null : createElement(SectionGrid, {
        ...props, section, bodyId, entries, kept, report, move, items: entries.map(([item]) => item), children: undefined,
      });
      const isBare = !section.name && !entries.length && shown.length > 1;
      return createElement('section', {
        key: own(section), 'data-section-tab': section.tab, 'data-section-name': section.name, className: `grid-section${isBare ? ' is-bare' : ''}`, 'aria-label': section.name || undefined, 'data-folded': isFolded ? '' : undefined,
      }, head, body);
    });
    useMoves(items, homes);
    useLayoutEffect(() => picks.know(props, open));
    return createElement('div', { id: props.id, className: 'tile-grid', role: props.tabs.length > 1 ? 'tabpanel' : undefined,
      'aria-labelledby': props.tabs.length > 1 ? `tab-${open}` : undefined },
    createElement('p', { className: 'tile-grid-note', hidden: true }, WORDS.collapsed),
    drawn,
    // A dashboard without any tile says so itself.
    !many && items.some(Boolean) ? createElement('p', { className: 'board-empty' }, WORDS.empty(props.editable)) : null,
    createElement('span', { id: `${props.id}-keys`, hidden: true }, WORDS.keyboard),
    createElement('span', { role: 'status', 'aria-live': 'polite', className: 'tile-grid-status' }));
  }

  window.dash_views.TileGrid = TileGrid;
})();
