/*
 * The cells of tables: values as their column's format writes them, and their colours. dash_views/tables.py names these
 * functions in the definitions of AG Grid's columns. Pure functions, but for the extremes of each table.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const NARROW = '\u202f';
  const WORDS = {
    months: [
      tr('January'), tr('February'), tr('March'), tr('April'), tr('May'), tr('June'),
      tr('July'), tr('August'), tr('September'), tr('October'), tr('November'), tr('December'),
    ],
    shortMonths: [tr('Jan'), tr('Feb'), tr('Mar'), tr('Apr'), tr('May'), tr('Jun'), tr('Jul'), tr('Aug'), tr('Sep'), tr('Oct'), tr('Nov'), tr('Dec')],
    short: (day, month) => tr('{day} {month}', { day, month }),
    long: (day, month, year) => tr('{day} {month} {year}', { day, month, year }),
    month: (month, year) => tr('{month} {year}', { month, year }),
    totals: {
      count: tr('count'), nunique: tr('nunique'), sum: tr('sum'), mean: tr('mean'), median: tr('median'), min: tr('min'), max: tr('max'), range: tr('range'),
      std_dev: tr('std_dev'), variance: tr('variance'), q1: tr('q1'), q3: tr('q3'), mode: tr('mode'),
    },
    total: (total, value) => tr('{total} {value}', { total, value }),
  };
  const LONGEST = 10; // Digits and signs of a number that stands as it is.
  const DIGITS = 7; // Of a longer one; two of them behind the point in any case.
  const LONG_TEXT = 28;
  const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(.*)$/;
  const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/;
  const FAINTEST = 8;
  const STRONGEST = 42; // Percent of a colour, with which words in the page's ink can still be read.
  const TONES = {
    good: ['var(--dp-good-soft)', 'var(--dp-good)'],
    warn: ['var(--dp-warn-soft)', 'var(--dp-warn)'],
    danger: ['var(--dp-danger-soft)', 'var(--dp-danger)'],
    accent: ['var(--dp-accent-soft)', 'var(--dp-accent-ink)'],
    muted: ['transparent', 'var(--dp-ink-soft)'],
  };
  const SCALES = { accent: 'var(--dp-accent)', good: 'var(--dp-good)', danger: 'var(--dp-danger)' };
  const BELOW = 'var(--dp-cat-2)'; // Of the lower half of a diverging scale.
  const ABOVE = 'var(--dp-accent)';

  const extremes = Object.create(null); // table → column → the lowest and the highest value of the whole table
  const formats = new Map(); // a format as it is written → read

  function read(written) {
    if (!formats.has(written)) formats.set(written, JSON.parse(written));
    return formats.get(written);
  }

  const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

  /* The text of a cell; of the row of totals with the word of the total before it. */
  function text(params, written) {
    const format = read(written);
    const { value } = params;
    if (value === undefined || value === null) return '';
    const shown = shownOf(value, format);
    const whole = (format.prefix || '') + shown + (format.unit ? `\u00a0${format.unit}` : '');
    return params.node && params.node.rowPinned && format.total ? WORDS.total(WORDS.totals[format.total] || format.total, whole) : whole;
  }

  function shownOf(value, format) {
    if (format.date) return dated(value, format.date);
    if (isNumber(value)) return numbered(value, format);
    return format.kind === 'datetime' ? String(value).replace(TIME, '$1 $2$3') : String(value);
  }

  /* The value itself, where its cell has less of it, or may not have room for it. */
  function wholeOf({ value }, written) {
    if (value === undefined || value === null) return null;
    const all = String(value);
    const format = read(written);
    if (isNumber(value)) return numbered(value, { ...format, thousands: false }) === all ? null : all;
    return format.kind === 'datetime' || all.length > LONG_TEXT ? all : null;
  }

  function shortened(value) {
    const all = String(value);
    if (all.length <= LONGEST || Number.isInteger(value)) return all;
    const before = Math.ceil(Math.log10(Math.abs(value)));
    return String(Number(value.toPrecision(Math.min(Math.max(DIGITS, before + 2), 21))));
  }

  function numbered(value, { decimals, thousands, percent }) {
    const scaled = percent ? Number((value * 100).toPrecision(12)) : value;
    let shown = decimals === undefined ? shortened(scaled) : (percent ? value * 100 : value).toFixed(decimals);
    if (thousands && !shown.includes('e')) {
      const [whole, part] = shown.split('.');
      shown = whole.replace(/\B(?=(\d{3})+$)/g, NARROW) + (part === undefined ? '' : `.${part}`);
    }
    return percent ? `${shown}${NARROW}%` : shown;
  }

  function dated(value, style) {
    const found = DATE.exec(String(value));
    if (!found) return String(value);
    const [, year, month, day, time] = found;
    const [name, shortName] = [WORDS.months, WORDS.shortMonths].map((months) => months[Number(month) - 1] || month);
    switch (style) {
      case 'short': return WORDS.short(Number(day), shortName);
      case 'long': return WORDS.long(Number(day), name, year);
      case 'month': return WORDS.month(name, year);
      case 'year': return year;
      case 'time': return `${year}-${month}-${day}${time ? ` ${time}` : ''}`;
      default: return `${year}-${month}-${day}`;
    }
  }

  /* Where a value lies between the ends of its column, from 0 to 1. */
  function share(value, { column, low, high, bar: isBar }, table) {
    const known = (extremes[table] && extremes[table][column]) || [];
    // Bars begin at 0, or else they would be as long as nothing that the value says.
    const lowest = isBar && isNumber(known[0]) ? Math.min(known[0], 0) : known[0];
    const [least, most] = [low ?? lowest, high ?? known[1]];
    if (!isNumber(value) || !isNumber(least) || !isNumber(most)) return null;
    return most > least ? Math.max(0, Math.min((value - least) / (most - least), 1)) : 1;
  }

  const mixed = (colour, strength) => `color-mix(in srgb, ${colour} ${strength.toFixed(1)}%, transparent)`;

  function style(params, written, table) {
    const format = read(written);
    const found = format.align ? { textAlign: format.align, justifyContent: { left: 'flex-start', right: 'flex-end' }[format.align] || 'center' } : {};
    if (params.node && params.node.rowPinned) return found;
    const rule = (format.rules || []).find((one) => holds(one, params.value));
    const at = share(params.value, format, table);
    // What a cell no longer has must be said, for AG Grid keeps what it had.
    return { ...found, backgroundColor: '', backgroundImage: '', color: '', fontWeight: '', ...scaled(format, at), ...bar(format, at), ...ruled(rule) };
  }

  function scaled({ scale }, at) {
    if (!scale || at === null) return {};
    if (scale !== 'diverging') return { backgroundColor: mixed(SCALES[scale], FAINTEST + at * (STRONGEST - FAINTEST)) };
    const away = Math.abs(at - 0.5) * 2;
    return { backgroundColor: mixed(at < 0.5 ? BELOW : ABOVE, away * STRONGEST) };
  }

  /* As long as the value is in relation to its column; below a zero within the column it begins at the left all the same. */
  function bar({ bar: isDrawn }, at) {
    if (!isDrawn || at === null) return {};
    const end = `${(at * 100).toFixed(1)}%`;
    return { backgroundImage: `linear-gradient(90deg, ${mixed('var(--dp-accent)', 26)} ${end}, transparent ${end})` };
  }

  function ruled(rule) {
    if (!rule) return {};
    const [backgroundColor, color] = TONES[rule.color || 'accent'];
    return { backgroundColor, color, fontWeight: '600' };
  }

  /* Whether a value compares so: numbers as such, dates and text as they are written. */
  function holds({ when, value: limit }, value) {
    const isMissing = value === null || value === undefined || value === '';
    if (when === 'missing') return isMissing;
    if (isMissing) return false;
    const [one, other] = isNumber(value) && isNumber(Number(limit)) ? [value, Number(limit)] : [String(value), String(limit)];
    switch (when) {
      case '<': return one < other;
      case '<=': return one <= other;
      case '>': return one > other;
      case '>=': return one >= other;
      case '=': return one === other;
      case '!=': return one !== other;
      default: return String(value).toLowerCase().includes(String(limit).toLowerCase());
    }
  }

  /* The extremes of a table's columns; whether they are others than before. */
  function scale(table, found) {
    if (!found || JSON.stringify(extremes[table]) === JSON.stringify(found)) return false;
    extremes[table] = found;
    return true;
  }

  window.dashAgGridFunctions = Object.assign(window.dashAgGridFunctions || {}, { depictioText: text, depictioStyle: style, depictioWhole: wholeOf });
  window.depictio = Object.assign(window.depictio || {}, { cells: { holds, scale, share, style, text, wholeOf, totals: WORDS.totals, calendar: { months: WORDS.months, shortMonths: WORDS.shortMonths } } });
})();
