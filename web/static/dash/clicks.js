/*
 * Marks of figures that stand for values of a column: a click on a bar, a slice, a bin or a box narrows the other tiles to
 * it, with Ctrl, Command or Shift it is added; a second click takes it back. With the keyboard arrows go from mark to mark,
 * Enter and Space pick. The other marks become pale. domain/selections.py says of which figures marks can be picked.
 */
(function () {
  'use strict';

  const { nested, panels, tr, wishes: rules } = window.depictio;
  const PALE = { marker: { opacity: 0.3 } };
  const FADED = '4d'; // The same as the last two digits of a colour.
  const PULLED = 0.12; // So far a picked slice stands out, as a part of the radius.
  const SPREAD = ['box', 'violin'];
  const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
  const WORDS = {
    help: tr('Arrow keys go from mark to mark, Enter picks one, with Ctrl in addition, Escape leaves them.'),
    value: (name, value) => `${name}: ${value}`,
    between: (...ends) => ends.map((end) => (typeof end === 'number' ? Number(end.toPrecision(6)) : end ?? '…')).join(' – '),
    picked: tr('picked'),
  };

  let tiles = {}; // what the board knows of each tile
  let state = {}; // the wishes of each tile
  const cleared = new Set(); // tiles of which a box is taken away that has done its work
  const cursors = new Map(); // tile → the mark at which the keyboard is
  const reached = new WeakSet(); // the places of plots that have their keys

  /* Takes over the state; gives the tiles whose look changes by it. */
  function note(composed, known) {
    const before = state;
    [state, tiles] = [composed, known];
    const ids = new Set([...Object.keys(before), ...Object.keys(composed)]);
    return [...ids].filter((id) => isPickable(id) && JSON.stringify(before[id]) !== JSON.stringify(composed[id]));
  }

  const isPickable = (id) => Boolean(tiles[id] && tiles[id].pick);

  const at = (list, index) => (list && list.length !== undefined ? list[index] : undefined);

  const labelsOf = (trace) => trace.labels || (trace.orientation === 'h' ? trace.y : trace.x);

  /* What mark number `index` of a trace stands for. Bins are open at both ends of the axis: that is how they are counted. */
  function mark(tile, trace, index) {
    if (nested.holds(trace)) return nested.mark(tile, trace, index);
    const found = { label: at(labelsOf(trace), index), ...alsoOf(tile, trace) };
    const ends = trace.customdata;
    if (tile.pick !== 'bin' || !trace.width || at(ends, index) === undefined) return found;
    return { ...found, low: index ? ends[index - 1] : null, high: index < ends.length - 1 ? ends[index] : null };
  }

  /* Its colour, panel and pattern; nothing where one of them does not tell the traces apart, as a scale of colours. */
  function alsoOf(tile, { meta }) {
    if (!tile.also || !meta) return {};
    const words = { ...meta.parts, ...meta.panel };
    const also = tile.also.map(({ role }) => words[role]);
    return also.every((word) => word !== undefined) ? { also } : {};
  }

  /* The traces of a figure with what is picked standing out. */
  function dress(id, data) {
    const own = isPickable(id) ? state[id] : null;
    if (!own || !own.length) return data;
    const isPicked = rules.picker(tiles[id], own);
    return data.flatMap((trace) => {
      if (panels.isBeside(trace)) return trace;
      if (nested.holds(trace)) return nested.dress(tiles[id], trace, isPicked);
      const labels = labelsOf(trace) || [];
      const isOn = Array.from(labels, (_, index) => isPicked(mark(tiles[id], trace, index)));
      if (trace.type === 'box') return apart(trace, isOn);
      if (trace.type === 'pie') return { ...trace, pull: isOn.map((one) => (one ? PULLED : 0)) };
      if (trace.type === 'funnelarea') return { ...trace, marker: { ...trace.marker, colors: trace.marker.colors.map((colour, index) => (isOn[index] ? colour : colour + FADED)) } };
      if (trace.type === 'funnel') return { ...trace, marker: { ...trace.marker, opacity: isOn.map((one) => (one ? 1 : PALE.marker.opacity)) } };
      // Each violin is a trace of its own.
      if (trace.type === 'violin') return { ...trace, opacity: isOn[0] ? 1 : PALE.marker.opacity };
      if (trace.type !== 'bar') return trace;
      const kept = isOn.flatMap((one, index) => (one ? [index] : []));
      return { ...trace, selectedpoints: kept, selected: { marker: { opacity: 1 } }, unselected: PALE };
    });
  }

  /* The boxes of a trace look alike, so those that are picked and the others are one trace each, at the same places. */
  function apart(trace, isOn) {
    const placed = { ...trace, offsetgroup: trace.name || 'all', alignmentgroup: 'all' };
    const part = (wanted, more) => {
      const isList = ([, value]) => value && typeof value === 'object' && value.length === isOn.length;
      const own = Object.entries(trace).filter(isList).map(([key, value]) => [key, Array.from(value).filter((_, at) => isOn[at] === wanted)]);
      return { ...placed, ...Object.fromEntries(own), ...more };
    };
    const pale = { opacity: PALE.marker.opacity };
    if (!isOn.includes(false)) return placed;
    return isOn.includes(true) ? [part(true, {}), part(false, { ...pale, showlegend: false })] : { ...placed, ...pale };
  }

  /* What a click says, in the form in which selections travel; undefined when it says nothing. Maps say it by themselves. */
  function said(id, { points, event }) {
    const [point] = points || [];
    const tile = tiles[id];
    if (!point || !tile || !tile.by || tile.type === 'map') return undefined;
    const adds = Boolean(event && (event.ctrlKey || event.metaKey || event.shiftKey));
    if (!tile.pick) {
      if (tile.by === 'region' || !point.customdata) return undefined;
      return told({ label: point.customdata[tile.at] }, adds);
    }
    if (nested.holds(point.data)) return nested.isTree(point.data) ? undefined : toldOf(mark(tile, point.data, nested.indexOf(point)), adds);
    const number = [point.pointNumber, point.pointNumbers && point.pointNumbers[0], point.i].find(Number.isInteger) ?? 0;
    // Of a box its outliers may be hit, whose numbers are others; so of a strip and a violin any of their points.
    const group = SPREAD.includes(point.data.type) ? point[point.data.orientation === 'h' ? 'y' : 'x'] : undefined;
    const found = group === undefined ? mark(tile, point.data, number) : { label: group, ...alsoOf(tile, point.data) };
    return toldOf(found, adds);
  }

  const toldOf = (found, adds) => (found.label === undefined ? undefined : told(found, adds));

  /* Marks within a box or a lasso are picked. What was drawn goes: it would lie above them and take their clicks. */
  function boxed(id, element, { points }, tell) {
    const within = points.filter(({ data }) => !panels.isBeside(data));
    tell({ marks: within.map(({ data, pointNumber }) => mark(tiles[id], data, pointNumber)), stamp: performance.now() });
    window.setTimeout(() => {
      cleared.add(id);
      window.Plotly.relayout(element, { selections: [] }).then(() => cleared.delete(id));
    }, 0);
  }

  // Dash passes on what differs from before: the same click twice differs by its stamp.
  const told = (found, adds) => ({ clicked: { ...found, adds }, stamp: performance.now() });

  /* A bar of a distribution beside points stands for them; boxes and violins there, and what stands beside bins, say nothing. */
  function besideOf(id, element, { points: [point] }) {
    if (!tiles[id] || !tiles[id].by || tiles[id].pick || point.data.type !== 'bar') return undefined;
    const found = panels.ofBar(element, point, mark);
    return found && window.depictio.drawing.selected(found);
  }

  // -- by keyboard

  function marksOf(id, element) {
    const found = new Map();
    for (const trace of (element.data || []).filter((one) => !panels.isBeside(one))) {
      const isNested = nested.holds(trace);
      const length = isNested ? nested.count(trace) : (labelsOf(trace) || []).length;
      for (let index = 0; index < length; index += 1) {
        const one = mark(tiles[id], trace, index);
        if (one.label === undefined) continue;
        const key = JSON.stringify(one);
        const value = isNested ? nested.valueOf(trace, index) : SPREAD.includes(trace.type) ? NaN : Number(at(trace.values || (trace.orientation === 'h' ? trace.x : trace.y), index));
        if (found.has(key) && isNested) continue; // The picked cells lie above the others.
        if (found.has(key)) found.get(key).values.push(value);
        else found.set(key, { one, values: [value] });
      }
    }
    return [...found.values()];
  }

  function say(element, words) {
    let place = element.parentElement.querySelector('.mark-said');
    if (!place) {
      place = document.createElement('div');
      place.className = 'mark-said';
      place.setAttribute('role', 'status');
      element.parentElement.append(place);
    }
    place.textContent = words;
  }

  function press(id, element, event, tell) {
    const marks = marksOf(id, element);
    const step = STEPS[event.key];
    const before = cursors.get(id);
    if (event.key === 'Escape' && before !== undefined) {
      cursors.delete(id);
      say(element, '');
    } else if (step && marks.length) {
      const next = before === undefined ? 0 : Math.min(Math.max(before + step, 0), marks.length - 1);
      cursors.set(id, next);
      say(element, words(id, marks[next]));
    } else if ((event.key === 'Enter' || event.key === ' ') && marks[before]) {
      tell(told(marks[before].one, event.ctrlKey || event.metaKey || event.shiftKey));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function words(id, { one, values }) {
    const own = one.low === undefined ? rules.labelOf(tiles[id], one) : WORDS.between(one.low, one.high);
    const name = [own, ...(one.also || []).map((also) => (Array.isArray(also) ? WORDS.between(...also) : also))].join(', ');
    const isOn = state[id] && rules.isPicked(tiles[id], one, state[id]);
    const numbers = values.filter(Number.isFinite).map((value) => Number(value.toPrecision(6)));
    return [numbers.length ? WORDS.value(name, numbers.join(' / ')) : name, ...(isOn ? [WORDS.picked] : [])].join(', ');
  }

  /* A click on a tree opens a level and picks it, so that going back takes it back; whether it opens one. */
  function open(id, event, tell) {
    if (!isPickable(id)) return true;
    const { found, adds, isLeft } = nested.opened(event);
    if (found.only || found.label !== undefined) tell(told(found, adds));
    return isLeft;
  }

  /* Listens to the plot of a tile; `tell` passes on what is picked. */
  function listen(id, element, tell) {
    element.on('plotly_click', (event) => {
      const found = panels.isBeside(event.points[0] && event.points[0].data) ? besideOf(id, element, event) : said(id, event);
      if (found !== undefined) tell(found);
    });
    for (const kind of nested.TREES) element.on(`plotly_${kind}click`, (event) => open(id, event, tell));
    const place = element.parentElement;
    if (!isPickable(id) || !place || reached.has(place)) return; // A plot that is made anew has its keys already.
    reached.add(place);
    Object.assign(place, { tabIndex: 0 });
    place.setAttribute('role', 'group');
    place.setAttribute('aria-label', `${tiles[id].label}. ${WORDS.help}`);
    place.addEventListener('keydown', (event) => press(id, element, event, tell));
  }

  window.depictio = Object.assign(window.depictio || {}, { clicks: { boxed, clears: (id) => cleared.has(id), dress, isPickable, listen, marksOf, note, said } });
})();
