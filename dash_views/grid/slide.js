/*
 * Motion while a tile is dragged. What moves does so by a transform of its own layer, which the browser's compositor
 * draws without another layout or paint of the page: the tile under the pointer, and those that make room for it.
 */
(function () {
  'use strict';

  const TIME = 300; // Milliseconds in which a tile makes room; as long as gridstack takes where nothing is dragged.

  /*
   * The tile in hand follows the pointer. gridstack 14 writes where it lies to `left` and `top`, each of which is a layout
   * of the page, and has no public way to do otherwise; tests/web/test_vendor.py says so when a release has changed this.
   * Gridstack itself puts all of this back at the end of the drag, but for the method.
   */
  function carry(element) {
    const drag = element.ddElement.ddDraggable;
    const { style } = element;
    const [left, top] = [parseFloat(style.left), parseFloat(style.top)];
    style.willChange = 'transform';
    drag._dragFollow = (event) => {
      const wanted = {};
      const measured = Object.create(drag, { helper: { value: { style: wanted } } });
      Object.getPrototypeOf(drag)._dragFollow.call(measured, event);
      style.transform = `translate(${parseFloat(wanted.left) - left}px, ${parseFloat(wanted.top) - top}px)`;
    };
  }

  const drop = (element) => { delete element.ddElement.ddDraggable._dragFollow; };

  /* The tiles that make room slide from where they are seen to where they lie. */
  class Slides {
    constructor(stack, element) {
      this.stack = stack;
      this.nodes = stack.engine.nodes.filter(({ el }) => el !== element && el.dataset.tile !== undefined);
      this.keep();
    }

    keep() {
      this.places = this.nodes.map(({ x, y }) => [x, y]);
    }

    follow() {
      const [width, height] = [this.stack.cellWidth(), this.stack.getCellHeight()];
      const moved = this.nodes.flatMap((node, index) => {
        const [x, y] = this.places[index];
        return node.x === x && node.y === y ? [] : [{ element: node.el, right: (x - node.x) * width, down: (y - node.y) * height }];
      });
      // All are looked at before any begins: an animation that begins makes the styles of the page old.
      moved.map(({ element, right, down }) => ({ element, from: shifted(element, right, down) })).forEach(slide);
      this.keep();
    }
  }

  /* It may be on its way already. */
  function shifted(element, right, down) {
    const { m41, m42 } = new DOMMatrix(getComputedStyle(element).transform);
    return `translate(${right + m41}px, ${down + m42}px)`;
  }

  function slide({ element, from }) {
    for (const animation of element.getAnimations()) if (animation.id === 'slide') animation.cancel();
    element.animate([{ transform: from }, { transform: 'none' }], { id: 'slide', duration: TIME, easing: 'ease' });
  }

  window.dash_views.slide = { Slides, carry, drop };
})();
