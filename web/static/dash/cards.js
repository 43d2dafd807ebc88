/*
 * The faces of cards: the number, how it differs from that of all rows, and what the card's layout draws below, as light
 * SVG and HTML in the colours of the page. dash_views/faces.py says what there is; here it only gets a shape.
 */
(function () {
  'use strict';

  const SVG = 'http://www.w3.org/2000/svg';
  const WAYS = { up: '▲', down: '▼', same: '=', share: '' };
  const RING = 2 * Math.PI * 40;
  const DIAL = Math.PI * 40;
  const TONES = new Set(['good', 'warn', 'danger', 'accent', 'rest']);

  function make(name, className, ...content) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...content.filter((one) => one !== '' && one !== null && one !== undefined));
    return element;
  }

  function draw(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /* A drawing as wide as its place; what it shows is said by the face, so it is silent itself. */
  function drawing(viewBox, className, children, attributes = {}) {
    return draw('svg', { viewBox, class: className, 'aria-hidden': 'true', focusable: 'false', ...attributes }, ...children);
  }

  const titled = (shape, text) => {
    if (text) shape.append(draw('title', {}, text));
    return shape;
  };

  const tone = (item, place) => (TONES.has(item.tone) ? item.tone : `cat-${(place % 10) + 1}`);
  const width = (share) => `${Math.max(0, Math.min(share || 0, 1)) * 100}%`;

  const LONG = 6;

  /* How long a value is, in heights of its type: cards.css makes that of long ones smaller, so that no digit is cut. */
  const ems = (text) => Array.from(text).reduce((sum, sign) => sum + (/[\s.,:]/.test(sign) ? 0.36 : 0.71), 0);

  /* What stands on a card. */
  function content({ number, face, delta }) {
    if (!number) return [];
    const value = make('span', 'tile-number-value', number.value);
    value.style.setProperty('--long', ems(number.value).toFixed(2));
    if (ems(number.value) > LONG) value.title = number.unit ? `${number.value} ${number.unit}` : number.value;
    const line = make('div', 'tile-number-line', value);
    if (number.unit) line.append(make('span', 'tile-number-unit', number.unit));
    if (delta) line.append(difference(delta));
    const note = make('div', 'tile-number-note', number.note);
    note.title = number.note; // A narrow card cuts it.
    const drawn = face && FACES[face.look] && FACES[face.look](face);
    if (!drawn) return [line, note];
    const place = make('div', 'card-face', ...drawn);
    place.dataset.look = face.look;
    if (LISTS.has(face.look)) place.setAttribute('role', 'group');
    else place.setAttribute('role', 'img');
    place.setAttribute('aria-label', face.says);
    place.title = place.getAttribute('role') === 'img' && !face.marks ? face.says : '';
    return [line, note, place];
  }

  function difference({ way, text, says }) {
    const element = make('span', 'card-delta', WAYS[way] && make('span', 'card-delta-way', WAYS[way]), text);
    element.dataset.way = way;
    element.title = says;
    element.setAttribute('role', 'note');
    element.setAttribute('aria-label', says);
    return element;
  }

  // -- names with values

  const LISTS = new Set(['vertical', 'compact', 'grid']);

  function list({ items }) {
    const entries = items.map(({ name, value }) => make('div', 'card-pair', make('dt', '', name), make('dd', '', value)));
    return [make('dl', 'card-list', ...entries)];
  }

  function caption(text, className = 'card-caption') {
    return text ? [make('div', className, text)] : [];
  }

  function ends([low, high] = ['', '']) {
    return low || high ? [make('div', 'card-ends', make('span', '', low), make('span', '', high))] : [];
  }

  // -- bars

  function bar(share, name) {
    const fill = make('span', 'card-bar-fill');
    fill.style.width = width(share);
    fill.dataset.tone = name;
    return make('span', 'card-bar', fill);
  }

  /* One line for each name: the bar lies below its words, so that neither takes room from the other. */
  function ranking({ items = [], caption: below }) {
    const lines = items.map((item) => {
      const words = make('span', 'card-row-name', item.name);
      words.title = item.name;
      return make('div', 'card-row', words, make('span', 'card-row-value', item.value), bar(item.share, 'accent'));
    });
    return [make('div', 'card-rows', ...lines), ...caption(below)];
  }

  function stages({ items }) {
    const lines = items.map((item) => {
      const words = make('span', 'card-row-name', item.name);
      words.title = item.name;
      const value = make('span', 'card-row-value', item.value, item.note && make('span', 'card-row-note', item.note));
      return make('div', 'card-row', words, value, bar(item.share, 'accent'));
    });
    return [make('div', 'card-rows', ...lines)];
  }

  /* Parts of one whole, side by side. */
  function stacked(items) {
    const segments = items.flatMap((item, place) => {
      if (!item.share) return []; // Even the narrowest segment would say that there is something.
      const segment = make('span', 'card-segment');
      segment.style.flexGrow = String(item.share);
      segment.dataset.tone = tone(item, place);
      segment.title = `${item.name}: ${item.value} (${item.note})`;
      return [segment];
    });
    return make('div', 'card-stack', ...segments);
  }

  function legend(items) {
    const entries = items.map((item, place) => {
      const dot = make('span', 'card-dot');
      dot.dataset.tone = tone(item, place);
      const words = make('span', 'card-legend-name', item.name);
      words.title = item.name;
      return make('span', 'card-legend-entry', dot, words, make('span', 'card-legend-value', item.note));
    });
    return make('div', 'card-legend', ...entries);
  }

  function whole({ items = [], caption: below }) {
    return [stacked(items), legend(items), ...caption(below)];
  }

  function filled({ share, caption: below }) {
    return [bar(share, 'accent'), ...caption(below)];
  }

  // -- rings

  function donut({ items = [], caption: middle }) {
    let turned = 0;
    const arcs = items.map((item, place) => {
      const length = item.share * RING;
      const gap = items.length > 1 ? Math.min(1.5, length / 2) : 0;
      const arc = draw('circle', {
        cx: 50, cy: 50, r: 40, class: 'card-arc', 'data-tone': tone(item, place), 'stroke-dasharray': `${Math.max(length - gap, 0.4)} ${RING}`, 'stroke-dashoffset': -turned,
      });
      turned += length;
      return titled(arc, `${item.name}: ${item.value} (${item.note})`);
    });
    const ring = drawing('0 0 100 100', 'card-ring', [
      draw('circle', { cx: 50, cy: 50, r: 40, class: 'card-track' }),
      draw('g', { transform: 'rotate(-90 50 50)' }, ...arcs),
      draw('text', { x: 50, y: 50, class: 'card-ring-text' }, middle || '0'),
    ]);
    return [make('div', 'card-beside', ring, legend(items))];
  }

  function gauge({ share, caption: below }) {
    const path = 'M10 50 A40 40 0 0 1 90 50';
    const dial = drawing('0 0 100 56', 'card-dial', [
      draw('path', { d: path, class: 'card-track' }),
      draw('path', { d: path, class: 'card-arc', 'data-tone': 'accent', 'stroke-dasharray': `${share * DIAL} ${2 * DIAL}` }),
    ]);
    return [dial, ...caption(below)];
  }

  // -- small charts

  function bars({ marks, ends: below }) {
    const step = 100 / marks.length;
    const shapes = marks.map(({ height, says }, place) => {
      const tall = height ? Math.max(height * 40, 0.8) : 0;
      const shape = draw('rect', { x: place * step, y: 40 - tall, width: step * 0.86, height: tall, class: 'card-mark' });
      const reach = draw('rect', { x: place * step, y: 0, width: step, height: 40, class: 'card-reach' });
      return draw('g', {}, shape, titled(reach, says));
    });
    return [drawing('0 0 100 40', 'card-chart', shapes, { preserveAspectRatio: 'none' }), ...ends(below)];
  }

  /* A line that breaks where there is no value; a value between two gaps is a dot. */
  function line({ marks, ends: below }) {
    const x = (place) => (marks.length > 1 ? (place * 100) / (marks.length - 1) : 50);
    const y = (height) => 37 - height * 34;
    const runs = [];
    let run = [];
    marks.forEach(({ height }, place) => {
      if (height === null || height === undefined) {
        if (run.length) runs.push(run);
        run = [];
      } else {
        run.push([x(place), y(height)]);
      }
    });
    if (run.length) runs.push(run);
    const shapes = runs.flatMap((points) => drawnRun(points));
    const half = 50 / Math.max(marks.length - 1, 1);
    const reaches = marks.map(({ says }, place) => titled(
      draw('rect', { x: x(place) - half, y: 0, width: 2 * half, height: 40, class: 'card-reach' }), says));
    return [drawing('0 0 100 40', 'card-chart', [...shapes, ...reaches], { preserveAspectRatio: 'none' }), ...ends(below)];
  }

  function drawnRun(points) {
    const path = points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L');
    // A path without length is drawn as a dot, for its ends are round.
    const stroke = draw('path', { d: points.length > 1 ? `M${path}` : `M${path}h0.01`, class: 'card-line' });
    if (points.length < 2) return [stroke];
    const [first, last] = [points[0][0], points[points.length - 1][0]];
    return [draw('path', { d: `M${first} 40L${path}L${last} 40Z`, class: 'card-area' }), stroke];
  }

  function box({ places, caption: below, ends: outer }) {
    const at = (name) => 1 + (places[name] || 0) * 98;
    const [lower, q1, median, q3, upper, low, high] = ['lower', 'q1', 'median', 'q3', 'upper', 'min', 'max'].map(at);
    const shapes = [
      draw('path', { d: `M${lower} 12H${q1}M${q3} 12H${upper}M${lower} 7V17M${upper} 7V17`, class: 'card-whisker' }),
      draw('rect', { x: q1, y: 3, width: Math.max(q3 - q1, 0.5), height: 18, class: 'card-box' }),
      draw('path', { d: `M${median} 3V21`, class: 'card-median' }),
    ];
    for (const [end, whisker] of [[low, lower], [high, upper]]) {
      if (end !== whisker) shapes.push(draw('path', { d: `M${end} 12h0.01`, class: 'card-outlier' }));
    }
    const chart = drawing('0 0 100 24', 'card-chart', shapes, { preserveAspectRatio: 'none' });
    const [left, right] = outer;
    const foot = make('div', 'card-ends', make('span', '', left), make('span', '', below || ''), make('span', '', right));
    return [chart, foot];
  }

  const FACES = {
    vertical: list,
    compact: list,
    grid: list,
    top_n: ranking,
    concentration: filled,
    coverage: filled,
    composition: whole,
    threshold: whole,
    completeness: whole,
    uniqueness: whole,
    donut,
    gauge,
    histogram: bars,
    trend: line,
    attrition: stages,
    box_plot: box,
  };

  window.depictio = Object.assign(window.depictio || {}, { cards: { content } });
})();
