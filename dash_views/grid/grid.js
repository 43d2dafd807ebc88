/*
 * The grid of one section. React owns the elements of tiles, gridstack only their geometry, and geometry.js decides
 * layouts: a pointer gesture is read back from gridstack, everything else is computed and then shown by it.
 */
(function () {
  'use strict';

  const { carry, geometry, picks, slide, view, words: { grid: WORDS } } = window.dash_views;

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
      carry.grids.set(section, this);
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
        disableDrag: this.isNarrow(),
        staticGrid: !this.props.editable,
      }, this.stage);
    }

    listen() {
      // gridstack keeps one listener for each of these; a second one would take the place of the first.
      this.stack.on('resizestart', () => { this.gesture = true; });
      this.stack.on('resize', () => this.followDuringResize());
      this.stack.on('resizestop', () => setTimeout(() => this.finishGesture()));
      this.stack.on('dragstart', (_, element) => this.beginDrag(element));
      this.stack.on('drag', () => { if (this.slides) this.slides.follow(); });
      this.stack.on('dragstop', (_, element) => this.endDrag(element));
      this.onPointer = (event) => {
        // gridstack makes presses of a mouse out of those of a finger.
        if (event.isTrusted) this.finger = event.type === 'touchstart' ? event.target : null;
        this.refreshHandle(event.target.closest('.grid-stack-item'));
      };
      this.onPress = (event) => carry.pressed(this, event);
      this.onTouch = (event) => carry.touched(this, event);
      this.onKey = (event) => this.pressed(event);
      this.onMotion = () => this.stack.setAnimation(!reducedMotion.matches);
      // In the capture phase, so that a handle which a callback has just replaced drags at the first touch.
      this.stage.addEventListener('mousedown', this.onPointer, true);
      this.stage.addEventListener('touchstart', this.onPointer, { capture: true, passive: true });
      this.stage.addEventListener('mousedown', this.onPress);
      this.stage.addEventListener('touchstart', this.onTouch, { passive: true });
      this.stage.addEventListener('keydown', this.onKey);
      reducedMotion.addEventListener('change', this.onMotion);
      this.observer = new ResizeObserver(() => this.fitWidth());
      this.observer.observe(this.stage);
    }

    close() {
      clearTimeout(this.settling);
      cancelAnimationFrame(this.frame);
      this.isClosed = true;
      if (carry.grids.get(this.section) === this) carry.grids.delete(this.section);
      if (this.seek) this.forget();
      this.observer.disconnect();
      reducedMotion.removeEventListener('change', this.onMotion);
      this.stage.removeEventListener('mousedown', this.onPointer, true);
      this.stage.removeEventListener('touchstart', this.onPointer, true);
      this.stage.removeEventListener('mousedown', this.onPress);
      this.stage.removeEventListener('touchstart', this.onTouch);
      this.stage.removeEventListener('touchmove', carry.hold);
      this.stage.removeEventListener('keydown', this.onKey);
      this.stack.destroy(false);
    }

    isArrangeable() {
      return Boolean(this.props.editable) && this.columns === this.props.columns;
    }

    /* Fewer columns than the layout has: what can be changed is the order and how high a tile is. */
    isNarrow() {
      return Boolean(this.props.editable) && !this.isArrangeable();
    }

    inOrder() {
      return geometry.inReadingOrder(this.layout);
    }

    nameOf(id) {
      return this.items().find((item) => item.id === id).label || WORDS.unnamed;
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
      this.stack.setStatic(!this.props.editable);
      this.stack.enableMove(this.isArrangeable());
      // Only where a finger may carry a tile has the browser to ask before it scrolls.
      this.stage[this.isNarrow() ? 'addEventListener' : 'removeEventListener']('touchmove', carry.hold, { passive: false });
      this.host.toggleAttribute('data-arrangeable', this.isArrangeable());
      this.host.toggleAttribute('data-narrow', this.isNarrow());
      this.host.dataset.columns = this.columns;
      this.host.querySelector(':scope > .tile-grid-note').hidden = !this.isNarrow();
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

    beginDrag(element) {
      this.gesture = true;
      this.slides = reducedMotion.matches ? null : new slide.Slides(this.stack, element);
      slide.carry(element);
      this.seekDrop(element);
    }

    endDrag(element) {
      slide.drop(element);
      this.slides = null;
      setTimeout(() => this.finishGesture());
    }

    /* While a tile is dragged, another section or a tab may be what it is meant for. */
    seekDrop(element) {
      this.drop = null;
      // gridstack makes room below while a tile is dragged there, which would push away the section it is meant for.
      if (this.section.closest('.grid-section').nextElementSibling.matches('.grid-section')) {
        this.section.style.maxHeight = `${this.stage.clientHeight}px`;
      }
      this.seek = (event) => {
        const { clientX, clientY } = event;
        const target = this.dropAt(event);
        carry.mark(target);
        this.drop = target && { target, id: element.dataset.tile, clientX, clientY };
        carry.rest(target, (tab) => this.handOver(element, tab, clientX, clientY));
      };
      this.giveUp = ({ key }) => { if (key === 'Escape') this.drop = null; };
      document.addEventListener('pointermove', this.seek, true);
      document.addEventListener('keydown', this.giveUp, true);
    }

    /* Another section or a tab under the pointer; null over this grid's own tiles, which may hang out of it meanwhile. */
    dropAt({ target, clientX, clientY, pointerType }) {
      const { left, right, top, bottom } = this.section.getBoundingClientRect();
      const isWithin = clientX >= left && clientX < right && clientY >= top && clientY < bottom;
      // A finger's events go to what it has touched; of a mouse's the browser has told already what they are on.
      if (isWithin && pointerType === 'mouse' && this.stage.contains(target)) return null;
      const found = carry.targetAt(clientX, clientY, this.stage);
      return found !== this.section ? found : null;
    }

    /* The tab on which a tile rests opens: this grid goes, and the tile is carried on from where it was taken. */
    handOver(element, tab, x, y) {
      const tile = { ...this.layout.find(({ id }) => id === element.dataset.tile), label: this.nameOf(element.dataset.tile) };
      const { columns, move } = this.props;
      const touched = this.finger;
      this.drop = null;
      this.forget();
      // As Escape does, but of gridstack alone: other listeners have keys of their own. gridstack 14 has no public way to
      // end a drag and put the tile back: `destroy` of the draggable drops it, which would be saved, and `cancelDrag` of the
      // grid leaves it in hand. tests/web/test_vendor.py says so when another release has changed this.
      element.ddElement.ddDraggable._keyEvent({ key: 'Escape' });
      carry.begin({ tile, touched, columns, move, x, y });
      view.go({ tab, tile: null }, true);
    }

    forget() {
      carry.leave();
      document.removeEventListener('pointermove', this.seek, true);
      document.removeEventListener('keydown', this.giveUp, true);
      this.seek = null;
      this.section.style.maxHeight = '';
    }

    /* Whether the tile was dropped on another section or a tab: then that is told, and this grid is as it was. */
    hasDropped() {
      if (this.seek) this.forget();
      if (!this.drop) return false;
      const { target, id, clientX, clientY } = this.drop;
      this.drop = null;
      const stage = target.querySelector(':scope > .grid-stack');
      const { w } = this.layout.find((tile) => tile.id === id);
      this.props.move(picks.with(id), carry.placeOf(target), stage ? carry.cellAt(stage, w, this.props.columns, clientX, clientY) : null);
      return true;
    }

    finishGesture() {
      this.gesture = false;
      if (this.isClosed) return;
      if (this.hasDropped()) {
        this.settle();
        this.update(this.props);
        return;
      }
      const layout = this.isArrangeable() ? this.readBack() : this.heightsRead();
      const changed = !geometry.same(layout, this.layout);
      this.layout = layout;
      this.settle();
      if (changed) this.report();
      if (!changed || this.isNarrow()) this.update(this.props); // What arrived during the gesture is shown now.
    }

    /* What gridstack shows, but for tiles that have gone meanwhile. */
    readBack() {
      const left = new Set(this.items().map(({ id }) => id));
      const sides = ({ x, y, w, h }) => ({ x, y, w, h });
      const moved = new Map(this.stack.engine.nodes.map((node) => [node.id, sides(node)]));
      return geometry.arrange(this.layout.filter(({ id }) => left.has(id)).map((tile) => ({ ...tile, ...moved.get(tile.id) })), this.props.columns);
    }

    /* A narrow grid says of its tiles how high they are, and nothing else. */
    heightsRead() {
      const { columns } = this.props;
      return this.stack.engine.nodes.reduce((layout, { id, h }) => {
        const tile = layout.find((one) => one.id === id);
        return tile && tile.h !== h ? geometry.resize(layout, id, 0, h - tile.h, columns) : layout;
      }, this.layout);
    }

    /* Of a narrow grid: the tile stands before another one, or last. */
    reorder(id, before) {
      this.take(id, geometry.reorder(this.layout, id, before, this.props.columns));
    }

    /* A layout that was changed by something else than gridstack. */
    take(id, layout) {
      if (geometry.same(layout, this.layout)) return;
      this.layout = layout;
      this.show();
      this.report();
      this.stage.querySelector(`:scope > [data-tile="${CSS.escape(id)}"]`).scrollIntoView({ block: 'nearest' });
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
        if (this.props.editable) handle.setAttribute('aria-describedby', `${this.props.id}-keys`);
        else handle.removeAttribute('aria-describedby');
      }
    }

    pressed(event) {
      const step = ARROWS[event.key];
      const tile = event.target.closest('.grid-stack-item');
      const modified = event.altKey || event.ctrlKey || event.metaKey;
      if (!step || !tile || modified || this.gesture || !this.props.editable) return;
      if (!event.target.closest(this.props.handle)) return;
      event.preventDefault();
      const id = tile.dataset.tile;
      const layout = this.isNarrow() ? this.steppedInOrder(id, step, event.shiftKey) : this.stepped(id, step, event.shiftKey);
      this.announce(id, layout, event, !geometry.same(layout, this.layout));
      this.take(id, layout);
    }

    stepped(id, step, isResize) {
      return (isResize ? geometry.resize : geometry.move)(this.layout, id, ...step, this.props.columns);
    }

    steppedInOrder(id, [, down], isResize) {
      const order = this.inOrder();
      const to = order.findIndex((tile) => tile.id === id) + down;
      if (isResize) return geometry.resize(this.layout, id, 0, down, this.props.columns);
      if (!down || to < 0 || to >= order.length) return this.layout;
      const next = order[down > 0 ? to + 1 : to];
      return geometry.reorder(this.layout, id, next ? next.id : null, this.props.columns);
    }

    announce(id, layout, event, moved) {
      const { x, y, w, h } = layout.find((tile) => tile.id === id);
      const name = this.nameOf(id);
      const order = geometry.inReadingOrder(layout);
      if (!moved) this.status.textContent = (event.shiftKey ? WORDS.keeps : WORDS.stays)[event.key](name);
      else if (event.shiftKey) this.status.textContent = WORDS.size(name, w, h);
      else if (this.isNarrow()) this.status.textContent = WORDS.nth(name, order.findIndex((tile) => tile.id === id) + 1, order.length);
      else this.status.textContent = WORDS.place(name, x + 1, y + 1);
    }
  }

  window.dash_views.Grid = Grid;
})();
