/*
 * The TileGrid component. React owns the elements of tiles, gridstack only their geometry, and geometry.js decides
 * layouts: a pointer gesture is read back from gridstack, everything else is computed and then shown by it.
 */
(function () {
  'use strict';

  const { cloneElement, createElement, isValidElement, useLayoutEffect, useRef } = window.React;
  const geometry = window.dash_views.geometry;

  const ROW_HEIGHT = 100;
  const HALF_GAP = 6;
  // gridstack moves tiles in 300 ms; charts are measured again when they have arrived.
  const SETTLED_AFTER = 350;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const DIRECTIONS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
  const KEYBOARD_HELP = 'Arrow keys move the tile, Shift and arrow keys resize it.';
  const COLLAPSED_HELP = 'Tiles are arranged on a wide screen. Make the window wider to move or resize them.';

  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  const announceResize = () => window.dispatchEvent(new Event('resize'));
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

  /* One grid on the page: gridstack, the full layout, and what the user is doing to it. */
  class Grid {
    constructor(host, props) {
      this.props = props;
      this.host = host;
      this.stage = host.querySelector(':scope > .grid-stack');
      this.status = host.querySelector(':scope > [role=status]');
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
      return width ? geometry.columnsFor(width, this.props.columns) : this.props.columns;
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

    finishGesture() {
      this.gesture = false;
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
      const places = new Map(this.layout.map(({ id, x, y, w, h }) => [id, { id, x, y, w, h }]));
      const items = this.props.items.map((item) => item && { ...item, ...places.get(item.id) });
      this.props.setProps({ items, layout: items.filter(Boolean).map((item) => places.get(item.id)) });
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
      const name = this.items().find((item) => item.id === id).label || 'Tile';
      const act = event.shiftKey ? 'resized' : 'moved';
      if (!moved) this.status.textContent = `${name} cannot be ${act} further ${DIRECTIONS[event.key]}.`;
      else if (event.shiftKey) this.status.textContent = `${name}: ${plural(w, 'column')} wide, ${plural(h, 'row')} high.`;
      else this.status.textContent = `${name}: column ${x + 1}, row ${y + 1}.`;
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

  function TileGrid(given) {
    const props = { columns: 8, editable: false, handle: '.tile-handle', ...given };
    const host = useRef(null);
    const grid = useRef(null);
    const kept = useRef(new Map()).current;
    const children = [].concat(props.children === undefined ? [] : props.children);
    const shown = (props.items || []).map((item, index) => item && tile(item, children[index], index, kept));

    useLayoutEffect(() => {
      grid.current = new Grid(host.current, props);
      return () => grid.current.close();
    }, [props.columns, props.handle]);
    useLayoutEffect(() => grid.current.update(props));

    return createElement('div', { id: props.id, ref: host, className: 'tile-grid' },
      createElement('p', { className: 'tile-grid-note', hidden: true }, COLLAPSED_HELP),
      createElement('div', { className: 'grid-stack' }, shown),
      createElement('span', { id: `${props.id}-keys`, hidden: true }, KEYBOARD_HELP),
      createElement('span', { role: 'status', 'aria-live': 'polite', className: 'tile-grid-status' }));
  }

  window.dash_views.TileGrid = TileGrid;
})();
