/*
 * The TileGrid component. React owns the elements of tiles, gridstack only their geometry, and geometry.js decides
 * layouts: a pointer gesture is read back from gridstack, everything else is computed and then shown by it.
 */
(function () {
  'use strict';

  const { cloneElement, createElement, isValidElement, useLayoutEffect, useRef } = window.React;
  const { geometry, picks, SectionHead, view, words: { grid: WORDS } } = window.dash_views;

  const ROW_HEIGHT = 100;
  const HALF_GAP = 6;
  // gridstack moves tiles in 300 ms; charts are measured again when they have arrived.
  const SETTLED_AFTER = 350;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  const announceResize = () => window.dispatchEvent(new Event('resize'));

  /* The grid of one section: gridstack, the full layout, and what the user is doing to it. */
  class Grid {
    constructor(section, props) {
      this.props = props;
      this.section = section;
      this.host = section.closest('.tile-grid');
      this.stage = section.querySelector(':scope > .grid-stack');
      this.status = this.host.querySelector(':scope > [role=status]');
      this.layout = [];
      this.gesture = false;
      this.isFilled = false;
      this.columns = this.measured();
      this.stack = this.openStack();
      this.listen();
    }

    openStack() {
      if (!window.GridStack) throw new Error('TileGrid needs gridstack-all.js: run "npm install" and "python -m web.vendor".');
      return window.GridStack.init({
        auto: false, // Otherwise every tile found at the start becomes one cell large.
        animate: !reducedMotion.matches,
        cellHeight: ROW_HEIGHT,
        column: this.columns,
        handle: this.props.handle,
        margin: HALF_GAP,
        resizable: { handles: 'e,se,s,sw,w' },
        staticGrid: !this.isArrangeable(),
      }, this.stage);
    }

    listen() {
      this.stack.on('dragstart resizestart', () => { this.gesture = true; });
      this.stack.on('dragstart', (_, element) => this.seekDrop(element));
      this.stack.on('resize', () => this.followDuringResize());
      this.stack.on('dragstop resizestop', () => setTimeout(() => this.finishGesture()));
      this.onPointer = (event) => this.refreshHandle(event.target.closest('.grid-stack-item'));
      this.onKey = (event) => this.pressed(event);
      this.onMotion = () => this.stack.setAnimation(!reducedMotion.matches);
      // In the capture phase, so that a handle which a callback has just replaced drags at the first touch.
      this.stage.addEventListener('mousedown', this.onPointer, true);
      this.stage.addEventListener('touchstart', this.onPointer, { capture: true, passive: true });
      this.stage.addEventListener('keydown', this.onKey);
      reducedMotion.addEventListener('change', this.onMotion);
      this.observer = new ResizeObserver(() => this.fitWidth());
      this.observer.observe(this.stage);
    }

    close() {
      clearTimeout(this.settling);
      cancelAnimationFrame(this.frame);
      if (this.seek) document.removeEventListener('pointermove', this.seek, true);
      this.observer.disconnect();
      reducedMotion.removeEventListener('change', this.onMotion);
      this.stage.removeEventListener('mousedown', this.onPointer, true);
      this.stage.removeEventListener('touchstart', this.onPointer, true);
      this.stage.removeEventListener('keydown', this.onKey);
      this.stack.destroy(false);
    }

    isArrangeable() {
      return Boolean(this.props.editable) && this.columns === this.props.columns;
    }

    items() {
      return (this.props.items || []).filter(Boolean);
    }

    /* Brings gridstack to what the properties say. A gesture in progress is finished first. */
    update(props) {
      this.props = props;
      if (this.gesture) return;
      this.columns = this.measured();
      const items = this.items();
      this.layout = geometry.arrange(items, props.columns);
      this.show();
      if (this.isArrangeable() && items.some((item) => !geometry.isPlaced(item))) this.report();
    }

    /* How many columns there is room for. Without a width the grid lies in a hidden tab: nothing is to collapse. */
    measured() {
      const width = this.stage.clientWidth;
      return width ? geometry.columnsFor(width, this.props.columns, this.props.breakpoints) : this.props.columns;
    }

    fitWidth() {
      if (this.measured() !== this.columns && !this.gesture) this.update(this.props);
    }

    show() {
      const shown = geometry.collapse(this.layout, this.props.columns, this.columns);
      this.stack.setStatic(!this.isArrangeable());
      this.host.toggleAttribute('data-arrangeable', this.isArrangeable());
      this.host.dataset.columns = this.columns;
      this.host.querySelector(':scope > .tile-grid-note').hidden = !this.props.editable || this.isArrangeable();
      if (this.place(shown)) this.settle();
      this.isFilled = true;
      this.describeHandles();
    }

    /* Returns whether anything moved, came or went. */
    place(shown) {
      const elements = new Map([...this.stage.querySelectorAll(':scope > [data-tile]')].map((el) => [el.dataset.tile, el]));
      const gone = this.stack.engine.nodes.filter((node) => node.el.parentElement !== this.stage);
      const fresh = shown.filter((tile) => !elements.get(tile.id).gridstackNode);
      const narrowed = this.stack.getColumn() !== this.columns;
      if (!gone.length && !fresh.length && !narrowed && geometry.same(shown, this.stack.engine.nodes)) return false;
      this.stack.batchUpdate();
      gone.forEach((node) => this.stack.removeWidget(node.el, false, false));
      fresh.forEach((tile) => this.appear(elements.get(tile.id), tile));
      this.stack.batchUpdate(false);
      this.stack.column(this.columns, 'none');
      this.stack.load(shown.map((tile) => ({ ...tile })), false);
      this.stage.getBoundingClientRect(); // New tiles are at their places before they may slide again.
      fresh.forEach((tile) => { elements.get(tile.id).style.transition = ''; });
      if (this.isFilled && fresh.length) this.present(elements.get(fresh[fresh.length - 1].id));
      return true;
    }

    appear(element, tile) {
      element.style.transition = 'none';
      this.stack.makeWidget(element, { ...tile });
    }

    /* A tile that was just added often lies below what the window shows: it is brought there and gets the focus. */
    present(tile) {
      tile.scrollIntoView({ block: 'nearest' });
      const handle = this.handleOf(tile);
      if (!handle) return;
      handle.tabIndex = 0;
      handle.focus({ preventScroll: true });
    }

    settle() {
      clearTimeout(this.settling);
      this.settling = setTimeout(announceResize, reducedMotion.matches ? 0 : SETTLED_AFTER);
    }

    followDuringResize() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(announceResize);
    }

    /* While a tile is dragged, another section or a tab may be what it is meant for. */
    seekDrop(element) {
      this.drop = null;
      // gridstack makes room below while a tile is dragged there, which would push away the section it is meant for.
      if (this.section.closest('.grid-section').nextElementSibling.matches('.grid-section')) {
        this.section.style.maxHeight = `${this.stage.clientHeight}px`;
      }
      this.seek = ({ clientX, clientY }) => {
        // Tiles of this grid may hang out of it meanwhile.
        const under = document.elementsFromPoint(clientX, clientY).find((one) => !this.stage.contains(one));
        const found = under ? under.closest('[data-tab-drop], .tile-section, .grid-section[data-folded]') : null;
        const target = found && found !== this.section && !isOpenTab(found) ? found : null;
        if (this.drop && this.drop.target !== target) this.drop.target.classList.remove('is-target');
        if (target) target.classList.add('is-target');
        this.drop = target && { target, id: element.dataset.tile, clientX, clientY };
      };
      document.addEventListener('pointermove', this.seek, true);
    }

    /* Whether the tile was dropped on another section or a tab: then that is told, and this grid is as it was. */
    hasDropped() {
      if (this.seek) document.removeEventListener('pointermove', this.seek, true);
      this.seek = null;
      this.section.style.maxHeight = '';
      if (!this.drop) return false;
      const { target, id, clientX, clientY } = this.drop;
      this.drop = null;
      target.classList.remove('is-target');
      const stage = target.querySelector(':scope > .grid-stack');
      const place = target.dataset.tabDrop === undefined
        ? { tab: target.dataset.sectionTab, section: target.dataset.sectionName } : { tab: target.dataset.tabDrop, section: '' };
      this.props.move(picks.with(id), place, stage ? this.cellAt(stage, id, clientX, clientY) : null);
      return true;
    }

    cellAt(stage, id, clientX, clientY) {
      const { left, top, width } = stage.getBoundingClientRect();
      const { w } = this.layout.find((tile) => tile.id === id);
      const column = Math.floor(((clientX - left) / width) * this.props.columns - w / 2 + 0.5);
      const room = this.props.columns - w;
      return [Math.max(0, Math.min(column, room)), Math.max(0, Math.floor((clientY - top) / ROW_HEIGHT))];
    }

    finishGesture() {
      this.gesture = false;
      if (this.hasDropped()) {
        this.settle();
        this.update(this.props);
        return;
      }
      const sides = ({ x, y, w, h }) => ({ x, y, w, h });
      const moved = new Map(this.stack.engine.nodes.map((node) => [node.id, sides(node)]));
      const layout = geometry.arrange(this.layout.map((tile) => ({ ...tile, ...moved.get(tile.id) })), this.props.columns);
      const changed = !geometry.same(layout, this.layout);
      this.layout = layout;
      this.settle();
      if (changed) this.report();
      else this.update(this.props); // What arrived during the gesture is shown now.
    }

    /* The layout is told, and the items with it, so that later changes of the items start from what is seen. */
    report() {
      this.props.report(new Map(this.layout.map(({ id, x, y, w, h }) => [id, { id, x, y, w, h }])));
    }

    handleOf(tile) {
      return [...tile.querySelectorAll(this.props.handle)].find((el) => el.closest('.grid-stack-item') === tile);
    }

    refreshHandle(tile) {
      const drag = tile && tile.ddElement && tile.ddElement.ddDraggable;
      if (drag && !drag.dragEls.includes(this.handleOf(tile))) drag.refreshHandles();
    }

    describeHandles() {
      for (const tile of this.stage.querySelectorAll(':scope > [data-tile]')) {
        const handle = this.handleOf(tile);
        if (!handle) continue;
        if (!handle.matches('button, [tabindex]')) handle.tabIndex = 0;
        if (this.isArrangeable()) handle.setAttribute('aria-describedby', `${this.props.id}-keys`);
        else handle.removeAttribute('aria-describedby');
      }
    }

    pressed(event) {
      const step = ARROWS[event.key];
      const tile = event.target.closest('.grid-stack-item');
      const modified = event.altKey || event.ctrlKey || event.metaKey;
      if (!step || !tile || modified || this.gesture || !this.isArrangeable()) return;
      if (!event.target.closest(this.props.handle)) return;
      event.preventDefault();
      const change = event.shiftKey ? geometry.resize : geometry.move;
      const layout = change(this.layout, tile.dataset.tile, ...step, this.props.columns);
      const moved = !geometry.same(layout, this.layout);
      this.announce(tile.dataset.tile, layout, event, moved);
      if (!moved) return;
      this.layout = layout;
      this.show();
      this.report();
      tile.scrollIntoView({ block: 'nearest' });
    }

    announce(id, layout, event, moved) {
      const { x, y, w, h } = layout.find((tile) => tile.id === id);
      const name = this.items().find((item) => item.id === id).label || WORDS.unnamed;
      if (!moved) this.status.textContent = (event.shiftKey ? WORDS.keeps : WORDS.stays)(name, event.key);
      else if (event.shiftKey) this.status.textContent = WORDS.size(name, w, h);
      else this.status.textContent = WORDS.place(name, x + 1, y + 1);
    }
  }

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

  const isOpenTab = (element) => element.classList.contains('is-open');

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
    const items = props.items || [];
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
