/*
 * The Spread component: how the values lie along a slider, and inputs for its exact bounds. The slider is its neighbour in
 * the page, and says by its thumbs where it stands, while it moves too.
 */
(function () {
  'use strict';

  const { createElement, useEffect, useRef, useState } = window.React;
  const { tr } = window.depictio;
  const WORDS = {
    spread: (label) => tr('How the values of {label} are spread in the whole table', { label }),
    from: (label) => tr('{label} at least', { label }),
    to: (label) => tr('{label} at most', { label }),
    dash: '–',
    most: '≤',
  };
  const LEAST = 0.04; // So high is a bar of a single value.

  const short = (value) => String(Number(value.toPrecision(4)));
  const rules = () => window.depictio.wishes;

  // What Mantine writes above a thumb of a logarithmic slider.
  window.dashMantineFunctions = Object.assign(window.dashMantineFunctions || {}, {
    depictioPower: (place) => short(rules().valueAt({ log: true }, place)),
  });

  const thumbsOf = (root) => {
    const around = root && root.closest('.spread');
    return around ? [...around.querySelectorAll('.filter-slider [role="slider"]')] : [];
  };

  /* Where the thumbs are, newest first said by the slider itself; a screen reader is told values, not logarithms. */
  function standing(root, tile) {
    return thumbsOf(root).map((thumb) => {
      const place = Number(thumb.getAttribute('aria-valuenow'));
      if (tile.log) thumb.setAttribute('aria-valuetext', short(rules().valueAt(tile, place)));
      return place;
    });
  }

  function Bound({ side, tile, places, label, set }) {
    const [draft, setDraft] = useState(null);
    const end = side ? tile.max : tile.min;
    const place = places[places.length === 2 ? side : 0];
    const isOpen = place === undefined || (side ? place >= end : place <= end);
    const text = isOpen ? '' : String(rules().valueAt(tile, place));
    const done = () => {
      if (draft !== null && draft !== text) set(side, draft.trim() === '' ? null : Number(draft));
      setDraft(null);
    };
    return createElement('input', {
      type: 'number', step: 'any', className: 'spread-bound', 'aria-label': (side ? WORDS.to : WORDS.from)(label),
      placeholder: short(rules().valueAt(tile, end)), value: draft ?? text,
      onChange: ({ target }) => setDraft(target.value),
      onBlur: done,
      onKeyDown: (event) => {
        if (event.key === 'Enter') done();
        if (event.key === 'Escape') setDraft(null);
      },
    });
  }

  /* Bars [left, width, height] in shares of the whole; those whose middle lies within `range` are marked. */
  function drawn(bars, [low, high], label) {
    const rects = bars.map(([left, width, height], index) => {
      const middle = left + width / 2;
      const size = Math.max(height, LEAST);
      return createElement('rect', {
        key: index, x: left, y: 1 - size, width: width * 0.9, height: size, className: middle >= low && middle <= high ? 'is-in' : '',
      });
    });
    return createElement('svg', { className: 'spread-bars', viewBox: '0 0 1 1', preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, rects);
  }

  function Spread({ target, label, bars, low, high, log, sides }) {
    const root = useRef(null);
    const [places, setPlaces] = useState([]);
    const tile = { widget: sides === 2 ? 'RangeSlider' : 'Slider', min: low, max: high, log };
    useEffect(() => {
      const look = () => setPlaces((before) => {
        const now = standing(root.current, tile);
        return JSON.stringify(now) === JSON.stringify(before) ? before : now;
      });
      look();
      const around = root.current.closest('.spread');
      const observer = new window.MutationObserver(look);
      observer.observe(around, { attributeFilter: ['aria-valuenow'], childList: true, subtree: true });
      return () => observer.disconnect();
    }, [low, high, log, sides]);

    /* Takes over what somebody wrote: nothing opens the side, bounds in the wrong order change places. */
    function set(side, value) {
      if (value !== null && !Number.isFinite(value)) return;
      const end = side ? high : low;
      const place = value === null ? end : Math.min(Math.max(rules().placeOf(tile, value), low), high);
      let next = place;
      if (sides === 2) {
        next = [...places];
        next[side] = place;
        next.sort((one, other) => one - other);
      }
      window.dash_clientside.set_props(target, { value: next });
    }

    const [from, to] = places.length === 2 ? places : [low, places[0] ?? high];
    const part = (place) => (high > low ? (place - low) / (high - low) : 0);
    const bound = (side) => createElement(Bound, { key: side, side, tile, places, label, set });
    return createElement(
      'div',
      { className: 'spread-parts', ref: root },
      drawn(bars, [part(from), part(to)], WORDS.spread(label)),
      createElement(
        'div',
        { className: 'spread-bounds' },
        sides === 2 ? bound(0) : null,
        createElement('span', { 'aria-hidden': true }, sides === 2 ? WORDS.dash : WORDS.most),
        bound(1),
      ),
    );
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Spread, bars: drawn });
})();
