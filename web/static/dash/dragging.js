/*
 * A slider under the reader's hand, of one end or two: where it is, as soon as the slider itself shows it, which is in the
 * frame that follows the move. Dash learns of it when the slider is let go; to tell it of every move would cost more than
 * all that the move changes.
 */
(function () {
  'use strict';

  const { asking, brush, tiles, wishes } = window.depictio;
  const SLIDER = '.filter-slider';

  let grip = null; // the tile of the slider that the reader has touched last, until something else is touched
  let isDown = false; // whether the pointer holds it

  function press({ target, type }) {
    const slider = target.closest && target.closest(SLIDER);
    const before = grip;
    grip = slider && tileOf(slider);
    if (!grip) return;
    if (type === 'pointerdown') isDown = true;
    if (grip !== before) tiles.boxes(false);
    brush.hold(grip, asking);
  }

  function tileOf(slider) {
    const named = slider.id.startsWith('{') ? slider : slider.closest('[id^="{"]');
    return named && JSON.parse(named.id).tile;
  }

  /* What kind of slider it is, the ends of its scale, and its value, as Dash has it. */
  function standing(slider) {
    const thumbs = [...slider.querySelectorAll('[role="slider"]')];
    const [min, max] = ['aria-valuemin', 'aria-valuemax'].map((name) => Number(thumbs[0].getAttribute(name)));
    const values = thumbs.map((thumb) => Number(thumb.getAttribute('aria-valuenow')));
    const [widget, value] = values.length > 1 ? ['RangeSlider', values] : ['Slider', values[0]];
    return { tile: { widget, min, max, log: slider.matches('.is-log') }, value };
  }

  function moved(records) {
    const slider = records.at(-1).target.closest(SLIDER);
    if (!grip || !slider || tileOf(slider) !== grip) return;
    const { tile, value } = standing(slider);
    asking.move(grip, wishes.ofWidget(tile, value));
  }

  /* The browser has taken the pointer away (to scroll, say): the slider stays where it is and tells nobody. */
  function lose() {
    const slider = grip && [...document.querySelectorAll(SLIDER)].find((one) => tileOf(one) === grip);
    if (slider) window.dash_clientside.set_props({ role: 'filter', tile: grip }, { value: standing(slider).value });
  }

  /* Mantine moves a thumb with the frame that comes after a move of the pointer; React would draw that only after it. */
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => frame(isDown && isMove(window.event) ? atOnce(act) : act);
  const isMove = (event) => Boolean(event) && ['mousemove', 'touchmove'].includes(event.type);
  const atOnce = (act) => (now) => window.ReactDOM.flushSync(() => act(now));

  for (const kind of ['pointerup', 'pointercancel']) window.addEventListener(kind, () => { isDown = false; }, true);
  for (const kind of ['pointerdown', 'keydown', 'focusin']) document.addEventListener(kind, press, true);
  for (const kind of ['pointercancel', 'touchcancel']) document.addEventListener(kind, lose, true);
  new MutationObserver(moved).observe(document, { attributeFilter: ['aria-valuenow'], subtree: true });
})();
