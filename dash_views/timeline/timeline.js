/*
 * The Timeline component: counts over time, and a range that is brushed over them. Pulling over the strip draws a new range,
 * its ends and its middle can be moved, a click beside it takes it away; the ends are sliders for the keyboard.
 */
(function () {
  'use strict';

  const { createElement, useRef, useState } = window.React;
  const { tr } = window.depictio;
  const WORDS = {
    strip: (label) => tr('Rows over time by {label}, in the whole table', { label }),
    from: (label) => tr('{label} from', { label }),
    to: (label) => tr('{label} to', { label }),
    all: tr('Pull over the strip to choose a time.'),
    between: (from, to) => `${from} – ${to}`,
  };
  const MINUTE = 60000;
  const DAY = 1440; // minutes
  const STILL = 4; // Pixels that a click may move.
  const FAR = 10; // Steps of Page Up and Page Down.
  const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: FAR, PageDown: -FAR };

  const numberOf = (text) => Date.parse(text.length > 10 ? `${text}Z` : `${text}T00:00Z`) / MINUTE;
  const textOf = (minutes, step) => new Date(minutes * MINUTE).toISOString().slice(0, step >= DAY ? 10 : 16);
  const within = (place, low, high) => Math.min(Math.max(place, low), high);

  /* Which part of the strip a pointer holds. */
  function gripOf(event) {
    const held = event.target.closest('[data-grip]');
    return held ? held.dataset.grip : 'new';
  }

  /* The range that a pull makes of the one before, in whole steps. */
  function pulled({ grip, before, start }, place, most) {
    const [low, high] = before;
    if (grip === 'low') return [Math.min(place, high), Math.max(place, high)];
    if (grip === 'high') return [Math.min(place, low), Math.max(place, low)];
    if (grip === 'middle') {
      const by = within(place - start, -low, most - high);
      return [low + by, high + by];
    }
    return [Math.min(start, place), Math.max(start, place)];
  }

  function Timeline({ label, bars, first, last, step, value, setProps }) {
    const strip = useRef(null);
    const pull = useRef(null);
    const [moving, setMoving] = useState(null);
    const [origin, end] = [numberOf(first), numberOf(last)];
    const most = Math.round((end - origin) / step);
    const placeOf = (text, open) => (text ? within(Math.floor((numberOf(text) - origin) / step), 0, most) : open);
    const isIdle = !value || (!value[0] && !value[1]);
    const chosen = isIdle ? [0, most] : [placeOf(value[0], 0), placeOf(value[1], most)];
    const [low, high] = moving || chosen;
    const wordOf = (place) => textOf(origin + place * step, step);
    // A step of several minutes ends with the last of them.
    const endOf = (place) => (step >= DAY ? wordOf(place) : textOf(origin + (place + 1) * step - 1, step));

    function tell([from, to]) {
      const next = from <= 0 && to >= most ? [null, null] : [wordOf(from), endOf(to)];
      if (JSON.stringify(next) !== JSON.stringify(value)) setProps({ value: next });
    }

    const placeAt = ({ clientX }) => {
      const { left, width } = strip.current.getBoundingClientRect();
      return within(Math.floor(((clientX - left) / width) * (most + 1)), 0, most);
    };

    function down(event) {
      if (event.button) return;
      const grip = gripOf(event);
      pull.current = { grip: grip === 'middle' && isIdle ? 'new' : grip, before: chosen, start: placeAt(event), x: event.clientX, isFar: false };
      strip.current.setPointerCapture(event.pointerId);
    }

    function move(event) {
      const own = pull.current;
      if (!own) return;
      own.isFar = own.isFar || Math.abs(event.clientX - own.x) >= STILL;
      if (own.isFar) setMoving(pulled(own, placeAt(event), most));
    }

    function up(event) {
      const own = pull.current;
      pull.current = null;
      setMoving(null);
      if (!own) return;
      if (own.isFar) tell(pulled(own, placeAt(event), most));
      else if (own.grip === 'new') tell([0, most]);
    }

    function lose() {
      pull.current = null;
      setMoving(null);
    }

    function press(event, side) {
      const next = [...chosen];
      const bounds = side ? [chosen[0], most] : [0, chosen[1]];
      if (event.key === 'Home') [next[side]] = bounds;
      else if (event.key === 'End') [, next[side]] = bounds;
      else if (KEYS[event.key]) next[side] = within(chosen[side] + KEYS[event.key] * (event.shiftKey ? FAR : 1), ...bounds);
      else if (event.key === 'Escape' && pull.current) lose();
      else if (event.key === 'Escape' && !isIdle) tell([0, most]);
      else return;
      event.preventDefault();
      if (event.key !== 'Escape') tell(next);
    }

    const [left, right] = [low / (most + 1), (high + 1) / (most + 1)];
    const handle = (side) => createElement('div', {
      key: side, className: 'timeline-handle', role: 'slider', tabIndex: 0, 'data-grip': side ? 'high' : 'low',
      'aria-label': (side ? WORDS.to : WORDS.from)(label), 'aria-valuemin': 0, 'aria-valuemax': most,
      'aria-valuenow': [low, high][side], 'aria-valuetext': side ? endOf(high) : wordOf(low),
      style: { left: `${[left, right][side] * 100}%` }, onKeyDown: (event) => press(event, side),
    });
    const style = { left: `${left * 100}%`, width: `${(right - left) * 100}%` };
    return createElement(
      'div',
      { className: 'timeline', role: 'group', 'aria-label': label },
      createElement(
        'div',
        { className: 'timeline-strip', ref: strip, onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: lose },
        window.dash_views.bars(bars, [left, right], WORDS.strip(label)),
        createElement('div', { className: 'timeline-range', 'data-grip': 'middle', style }),
        handle(0),
        handle(1),
      ),
      createElement('p', { className: 'timeline-said' }, WORDS.between(wordOf(low), endOf(high))),
      isIdle && !moving ? createElement('p', { className: 'timeline-hint' }, WORDS.all) : null,
    );
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Timeline });
})();
