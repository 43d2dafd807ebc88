/*
 * Wishes: what each tile wants of the others' rows, as [operator, values] pairs. Pure functions between the value of
 * a widget, a selection of points or rows, the address of the page, and wishes. domain/selections.py is the other side.
 */
(function () {
  'use strict';

  const MISSING = '\u2205'; // Stands for a missing value in select controls, which hold text only.
  const ALL = '\u2217'; // Stands for all values in a control that always has one.
  const KEY = 'f.'; // Keys of the address that belong to filters.
  const WHERE = '*'; // Stands for a condition of the whole dashboard: no tile can be called so.
  const CONDITION = 'where'; // Its key of the address, which has it as it is written.

  const SLIDERS = ['RangeSlider', 'Slider'];

  const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

  function typed(text, kind) {
    if (text === MISSING) return null;
    if (kind === 'number') return Number(text);
    if (kind === 'boolean') return text.toLowerCase() === 'true';
    return text;
  }

  function untyped(value) {
    return value === null ? MISSING : String(value);
  }

  const STEPS = 100; // Parts of a power of ten at which a logarithmic slider stands.

  /* The value at a place of a slider. At its steps a logarithmic one has three digits; elsewhere somebody wrote a number. */
  function valueAt(tile, place) {
    if (!tile.log) return place;
    const isStep = Math.abs(place * STEPS - Math.round(place * STEPS)) < 1e-9;
    return Number((10 ** place).toPrecision(isStep ? 3 : 12));
  }

  /* The place of a value; what is below every power of ten lies at the left end. */
  function placeOf(tile, value) {
    if (!tile.log) return value;
    return value > 0 ? Math.log10(value) : tile.min;
  }

  const [DAY_END, MINUTE_END] = ['T23:59:59.999999', ':59.999999'];

  /* A day, or a minute where the moment is within one. */
  const stepOf = (moment) => (moment.endsWith(DAY_END) ? moment.slice(0, 10) : moment.slice(0, 16));

  /* The value of a control that wishes nothing. */
  function idleValue(tile) {
    switch (tile.widget) {
      case 'RangeSlider': return [tile.min, tile.max];
      case 'DateRangePicker': case 'Timeline': return [null, null];
      case 'TextInput': case 'Condition': return '';
      case 'Select': return null;
      case 'SegmentedControl': return ALL;
      case 'Switch': return false;
      case 'Slider': return tile.max;
      default: return [];
    }
  }

  /* What a control's value wishes: a list of wishes, empty when it is idle. */
  function ofWidget(tile, value) {
    if (value === null || value === undefined) return [];
    switch (tile.widget) {
      case 'RangeSlider': {
        const [low, high] = value;
        const open = [low <= tile.min ? null : valueAt(tile, low), high >= tile.max ? null : valueAt(tile, high)];
        return open.every((side) => side === null) ? [] : [['between', open]];
      }
      case 'DateRangePicker': case 'Timeline': {
        const [first, last] = value;
        if (!first && !last) return [];
        // The last day, or the last minute, counts whole.
        const end = last && tile.kind === 'datetime' ? last + (last.includes('T') ? MINUTE_END : DAY_END) : last;
        return [['between', [first || null, end || null]]];
      }
      case 'Condition': return value.trim() ? [['where', [value]]] : [];
      case 'TextInput': return value.trim() ? [['contains', [value]]] : [];
      case 'Select': return [['in', [typed(value, tile.kind)]]];
      case 'SegmentedControl': return value === ALL ? [] : [['in', [typed(value, tile.kind)]]];
      case 'Switch': return value ? [['in', [true]]] : [];
      case 'Slider': return value >= tile.max ? [] : [['between', [null, valueAt(tile, value)]]];
      default: return value.length ? [['in', value.map((text) => typed(text, tile.kind))]] : [];
    }
  }

  /* The value of a control that wishes this. */
  function toWidget(tile, wishes) {
    if (!wishes || !wishes.length) return idleValue(tile);
    const values = wishes[0][1];
    switch (tile.widget) {
      case 'RangeSlider': return [0, 1].map((side) => (
        values[side] === null || values[side] === undefined ? [tile.min, tile.max][side] : placeOf(tile, values[side])));
      case 'DateRangePicker': return values.map((day) => (day === null ? null : String(day).slice(0, 10)));
      case 'Timeline': return values.map((moment) => (moment === null ? null : stepOf(String(moment))));
      case 'TextInput': case 'Condition': return String(values[0]);
      case 'Select': case 'SegmentedControl': return untyped(values[0]);
      case 'Switch': return values[0] === true;
      case 'Slider': return values[1] === null || values[1] === undefined ? tile.max : placeOf(tile, values[1]);
      default: return values.map(untyped);
    }
  }

  /* Whether a control can hold these wishes. Others go to the server as they are: it applies them or says what is wrong. */
  function fits(tile, wishes) {
    if (!wishes.length) return true;
    const back = ofWidget(tile, toWidget(tile, wishes));
    if (!SLIDERS.includes(tile.widget)) return JSON.stringify(back) === JSON.stringify(wishes);
    // The ends of a slider may have moved since the link was made.
    const [[operator, sides]] = wishes;
    const isRange = operator === 'between' && sides.length === 2 && sides.every((side) => side === null || isNumber(side));
    const isHeld = tile.widget === 'RangeSlider' || sides[0] === null;
    return wishes.length === 1 && isRange && isHeld && back.length === 1;
  }

  const distinct = (values) => [...new Set(values)];

  function ofAxis(range, points, axis) {
    if (!range) return ['between', [null, null]];
    const values = points.map((point) => point[axis]);
    const isCategory = values.some((value) => !isNumber(value)) && range.some(isNumber);
    return isCategory ? ['in', distinct(values)] : ['between', range[0] <= range[1] ? [...range] : [range[1], range[0]]];
  }

  /* What a lasso or a box on a scatter wishes: values of the selection column, or the region itself. */
  function ofPoints(tile, selected) {
    if (tile.pick) return ofMarks(tile, (selected && selected.marks) || []);
    if (!selected || !selected.points) return [];
    if (!selected.range && !selected.lassoPoints && !selected.bins && !selected.points.length) return [];
    if (tile.by === 'regions') return [['in', distinct(selected.points.flatMap((point) => point.customdata[tile.at]))]];
    if (tile.by !== 'region') {
      return [['in', distinct(selected.points.map((point) => point.customdata[tile.at]))]];
    }
    return [...ofRegion(tile, selected), ...ofPanel(tile, selected.panel)];
  }

  function ofRegion(tile, { points, range, lassoPoints, bins }) {
    if (lassoPoints) {
      const { x, y } = lassoPoints;
      return [['within', x.flatMap((value, index) => [value, y[index]])]];
    }
    if (bins) return ['x', 'y'].map((axis) => (bins[axis] ? ['bins', bins[axis]] : ofAxis(null, points, axis)));
    if (!range) return ofClicks(tile, points);
    return [ofAxis(range.x, points, 'x'), ofAxis(range.y, points, 'y')];
  }

  /* The categories of the facet in which a region was drawn, after it. */
  const ofPanel = (tile, panel) => (panel && tile.panels
    ? tile.panels.map(({ role, kind }) => picked({ kind }, { label: panel[role] })) : []);

  /* Points clicked on a map: the place of one, the rectangle around several. */
  function ofClicks(tile, points) {
    if (tile.type !== 'map' || !points.length) return [];
    return ['x', 'y'].map((axis) => {
      const values = points.map((point) => point[axis]);
      return ['between', [Math.min(...values), Math.max(...values)]];
    });
  }

  const isList = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /* The day of a place on an axis of dates, which counts milliseconds since 1970. */
  const dayOf = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);

  /* The moment of a place on an axis of times, to the microsecond, as Python writes it. */
  function momentOf(milliseconds) {
    const micros = Math.round(milliseconds * 1000);
    const second = Math.floor(micros / 1e6);
    const rest = micros - second * 1e6;
    return new Date(second * 1000).toISOString().slice(0, 19) + (rest ? `.${String(rest).padStart(6, '0')}` : '');
  }

  const TIMES = { date: dayOf, datetime: momentOf };
  const timed = (tile, label) => (TIMES[tile.kind] && isNumber(label) ? TIMES[tile.kind](label) : label);

  /* What a mark stands for, with what else parts the marks when the figure says it: a value or a bin of each column. */
  function picked(tile, mark) {
    const [operator, own] = pickedAlone(tile, mark);
    if (!mark.also) return [operator, own];
    const each = mark.also.map((label, at) => (Array.isArray(label) ? [label] : pickedAlone({ kind: tile.also[at].kind }, { label })[1]));
    return ['marks', each.reduce((found, ones) => found.flatMap((one) => ones.map((last) => [...one, last])), own.map((one) => [one]))];
  }

  /* The same of its first column; `label` is what the figure shows of it. */
  function pickedAlone(tile, { label, low, high }) {
    if (['bin', 'grid'].includes(tile.pick) && low !== undefined) return ['bins', [[low, high]]];
    if (label === 'missing') return ['in', tile.kind === 'text' ? [null, label] : [null]];
    if (tile.kind === 'number' || tile.kind === 'boolean') return ['in', [typed(String(label), tile.kind)]];
    return ['in', [timed(tile, label)]];
  }

  /* What people read of a mark that is a value. */
  const labelOf = (tile, { label }) => String(timed(tile, label)).replace('T', tile.kind === 'datetime' ? ' ' : 'T');

  /* Values or bins in the order in which a wish has them. */
  function ordered(operator, values) {
    if (operator !== 'bins') return values;
    const order = (pair) => (pair[0] === null ? -Infinity : pair[0]);
    return [...values].sort((a, b) => (order(a) < order(b) ? -1 : 1)).flat();
  }

  /* The marks within a box or a lasso: all of them, and no other ones. */
  function ofMarks(tile, marks) {
    const said = marks.map((mark) => picked(tile, mark));
    if (!said.length) return [];
    const [operator] = said[0];
    const values = said.filter(([other]) => other === operator).flatMap(([, own]) => own);
    const different = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
    return [[operator, ordered(operator, different)]];
  }

  /* A click on a mark wishes what it stands for, and nothing when that alone was wished; with `adds` it is added to what
     was wished before, or taken away from it. What is `only` clicked is wished again, and nothing where it is no mark. */
  function ofClick(tile, clicked, before) {
    if (clicked.only) return clicked.label === undefined ? [] : [picked(tile, clicked)];
    const [operator, own] = picked(tile, clicked);
    const was = before && before.length === 1 && before[0][0] === operator ? unpaired(operator, before[0][1]) : [];
    const isThere = own.every((one) => was.some((other) => isList(one, other)));
    const without = was.filter((one) => !own.some((other) => isList(one, other)));
    let left = own;
    if (clicked.adds) left = isThere ? without : [...was, ...own];
    else if (isThere && !without.length) left = [];
    if (!left.length) return [];
    return [[operator, ordered(operator, left)]];
  }

  /* The ends of bins in pairs. */
  function unpaired(operator, values) {
    if (operator !== 'bins') return values;
    return Array.from({ length: values.length / 2 }, (_, at) => values.slice(2 * at, 2 * at + 2));
  }

  /* Tells of a mark whether it is among what its tile wishes; many are asked. */
  function picker(tile, wishes) {
    const there = new Set(wishes.flatMap(([operator, values]) => unpaired(operator, values).map((value) => JSON.stringify([operator, value]))));
    const isThere = ([operator, own]) => own.some((value) => there.has(JSON.stringify([operator, value])));
    // Links may name values of the first column alone, and mean all marks there; so do the first levels of a path.
    const above = (mark) => (tile.pick === 'path' ? mark.also.map((_, at) => ({ ...mark, also: mark.also.slice(0, at) })) : []);
    return (mark) => isThere(picked(tile, mark)) || (Boolean(mark.also)
      && (isThere(pickedAlone(tile, mark)) || above(mark).some((one) => isThere(picked(tile, one)))));
  }

  const isPicked = (tile, mark, wishes) => picker(tile, wishes)(mark);

  function ofRows(tile, rows) {
    return rows && rows.length ? [['in', distinct(rows.map((row) => row[tile.by]))]] : [];
  }

  /* Values that were picked one by one. */
  const ofValues = (picked) => (picked && picked.values.length ? [['in', distinct(picked.values)]] : []);

  const isWish = (wish) => Array.isArray(wish) && wish.length === 2 && typeof wish[0] === 'string' && Array.isArray(wish[1]);

  // -- one tile's wishes as people write them: Gentoo,Adelie · 4000..5000 · 4000.. · ~part; JSON where that says too little

  const NOTHING = '(missing)';
  const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?$/;
  const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

  function readValue(text) {
    if (text === NOTHING) return null;
    if (text === 'true' || text === 'false') return text === 'true';
    return NUMBER.test(text) ? Number(text) : text;
  }

  const writeValue = (value) => (value === null ? NOTHING : String(value));

  function readSide(text) {
    if (text === '') return null;
    if (NUMBER.test(text)) return Number(text);
    if (MOMENT.test(text)) return text;
    throw new SyntaxError(text);
  }

  const RANGE = /^(.*?)\.\.(.*)$/s;
  const BINS = 'bin:'; // Begins the intervals of a histogram.
  const MARKS = 'mark:'; // Begins the marks of a figure.
  const JOINT = '*'; // Stands between the values of a mark.

  const readMark = (text) => text.split(JOINT).map((part) => (part.includes('..') ? readBin(part) : readValue(part)));

  function readBin(text) {
    const range = RANGE.exec(text);
    if (!range) throw new SyntaxError(text);
    return [readSide(range[1]), readSide(range[2])];
  }

  /* The wishes of one key of an address. Throws when they cannot be read. */
  function read(text) {
    if (text.startsWith('[')) {
      const wishes = JSON.parse(text);
      if (!Array.isArray(wishes) || !wishes.every(isWish)) throw new SyntaxError(text);
      return wishes;
    }
    if (text.startsWith('~')) return [['contains', [text.slice(1)]]];
    if (text.startsWith(BINS)) return [['bins', text.slice(BINS.length).split(',').flatMap(readBin)]];
    if (text.startsWith(MARKS)) return [['marks', text.slice(MARKS.length).split(',').map(readMark)]];
    const range = RANGE.exec(text);
    if (range) return [['between', [readSide(range[1]), readSide(range[2])]]];
    if (!text || text.startsWith('{') || text.startsWith('"')) throw new SyntaxError(text); // Broken JSON, not a value.
    return [['in', text.split(',').map(readValue)]];
  }

  const ends = (values) => values.map((side) => (side === null ? '' : String(side))).join('..');

  function brief(wishes) {
    if (wishes.length !== 1) return '';
    const [[operator, values]] = wishes;
    if (operator === 'contains') return `~${values[0]}`;
    if (operator === 'between') return ends(values);
    if (operator === 'bins') return BINS + unpaired(operator, values).map(ends).join(',');
    if (operator === 'marks') return MARKS + values.map((mark) => mark.map((one) => (Array.isArray(one) ? ends(one) : writeValue(one))).join(JOINT)).join(',');
    return operator === 'in' ? values.map(writeValue).join(',') : '';
  }

  /* As people write it when that reads back to the same, else as JSON. */
  function write(wishes) {
    const whole = JSON.stringify(wishes);
    const short = brief(wishes);
    try {
      return JSON.stringify(read(short)) === whole ? short : whole;
    } catch (error) {
      return whole;
    }
  }

  const isFilter = (key) => key === CONDITION || key.startsWith(KEY);

  /* The wishes that an address carries. Throws when one cannot be read: a filter is never dropped in silence. */
  function ofAddress(search) {
    const found = Object.create(null); // No key that a link may have means anything else here.
    for (const [key, text] of new URLSearchParams(search)) {
      if (!isFilter(key)) continue;
      const id = key === CONDITION ? WHERE : key.slice(KEY.length);
      if (Object.hasOwn(found, id)) throw new SyntaxError(key);
      found[id] = key === CONDITION ? [['where', [text]]] : read(text);
    }
    return found;
  }

  /* The keys of an address that cannot be read, or stand there twice. */
  function unread(search) {
    const keys = [...new URLSearchParams(search)].filter(([key]) => isFilter(key));
    return keys.filter(([key, text], at) => {
      if (keys.findIndex(([other]) => other === key) < at) return true;
      try {
        return key !== CONDITION && !read(text);
      } catch (error) {
        return true;
      }
    }).map(([key]) => key);
  }

  /* Brackets, quotes and commas are allowed to stand in a query; written plainly they can be read. */
  function spelled(query) {
    const text = query.toString().replace(/%5B/g, '[').replace(/%5D/g, ']').replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%7E/g, '~')
      .replace(/%28/g, '(').replace(/%29/g, ')');
    return text ? `?${text}` : '';
  }

  /* The address with these wishes and every other key as it was. */
  function toAddress(search, wishes) {
    const query = new URLSearchParams(search);
    for (const key of [...query.keys()]) if (isFilter(key)) query.delete(key);
    for (const id of Object.keys(wishes).sort()) {
      if (id === WHERE) query.set(CONDITION, wishes[id][0][1][0]);
      else query.set(KEY + id, write(wishes[id]));
    }
    return spelled(query);
  }

  window.depictio = Object.assign(window.depictio || {}, {
    wishes: {
      fits, idleValue, isPicked, labelOf, ofAddress, ofClick, ofPoints, ofRows, ofValues, ofWidget, picker, placeOf, read,
      spelled, toAddress, toWidget, unread, valueAt, write,
    },
  });
})();
