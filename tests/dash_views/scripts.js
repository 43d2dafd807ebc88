/* Runs the board's scripts without a browser: each line of input is [path of a function, arguments], each line of
 * output its value, or the error that it threw. `window` and `document` are what the scripts need of them. */
'use strict';

const fs = require('node:fs');
const readline = require('node:readline');
const vm = require('node:vm');

const NO_UPDATE = { no_update: true };
const classes = new Set();
const classList = {
  add(name) { classes.add(name); },
  remove(name) { classes.delete(name); },
  toggle(name, isOn) { if (isOn) classes.add(name); else classes.delete(name); },
};
const later = []; // What waits for a frame, for idle time or for its turn.
const wait = (act) => later.push(act);
const drawn = [];
const automatic = []; // whether plotly.js was to find the size of each
const elements = new Map(); // tile → the element that its plot is drawn into

let measured = 0; // how often the page was asked how large an element is

/* An element of a page. Of its place only the box around it is asked: to look within the boxes that are out of sight
   would have a browser style all of them. */
class Element {
  constructor(top) {
    this.box = { getBoundingClientRect: () => ({ top, bottom: top + 300 }) };
  }

  get clientWidth() { measured += 1; return 500; }

  get clientHeight() { return 300; }

  closest(box) { return box === '.tile-figure' ? this.box : null; }

  on() {}
}

/* Notes what it is to draw, and asks for the size of the place as plotly.js does. */
function react(element, data, { autosize }) {
  drawn.push(data.map(({ name }) => name).join());
  automatic.push(Boolean(autosize && element.clientWidth));
  return Promise.resolve();
}

const window = {
  dash_clientside: { no_update: NO_UPDATE, callback_context: {}, set_props() {} },
  Plotly: { purge() {}, react },
  history: { state: null, replaceState(_, __, address) { window.location.written = address; } },
  innerHeight: 900,
  location: { pathname: '/dashboards/d', search: '', hash: '' },
  crypto: { getRandomValues: (bytes) => bytes },
  requestAnimationFrame: wait,
  requestIdleCallback: wait,
  setTimeout(act, delay = 0) { if (!delay) later.push(act); return 0; },
  clearTimeout() {},
  addEventListener() {},
  matchMedia: () => ({ matches: false }),
  async fetch() { throw new TypeError('There is no server here.'); },
};
const document = {
  body: { classList }, cookie: '', addEventListener() {}, dispatchEvent() {},
  getElementById: (id) => (id === '_dash-config' ? { textContent: '{}' } : null),
  querySelector: () => null, querySelectorAll: () => [],
};
const observers = new Set();
class ResizeObserver {
  constructor(tell) { Object.assign(this, { tell, targets: [] }); observers.add(this); }

  observe(target) { this.targets.push(target); }

  disconnect() { observers.delete(this); }
}
class MutationObserver { observe() {} }
class CustomEvent { constructor(type, { detail }) { Object.assign(this, { type, detail }); } }
const navigator = {};
const globals = { window, navigator, document, console, performance, AbortController, CustomEvent, Element, MutationObserver, ResizeObserver, TextDecoder, URLSearchParams };
const context = vm.createContext({ ...globals, CSS: { escape: (text) => text } });
for (const path of process.argv.slice(2)) vm.runInContext(fs.readFileSync(path, 'utf-8'), context, { filename: path });

/* Typed arrays as JSON has lists, and what is not a number as null. */
const plain = (node) => JSON.parse(JSON.stringify(node, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)));

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64')).buffer;

const OWN = {
  context(found, search) { [window.dash_clientside.callback_context, window.location.search] = [found, search]; },
  written: () => window.location.written,
  placed(tile, top) {
    elements.set(tile, new Element(top));
    window.depictio.painting.place(tile, elements.get(tile), { config: {}, onSelect() {} });
  },
  left: (tile) => window.depictio.painting.leave(tile, elements.get(tile)),
  /* Draws a figure; whether the same one, and one that looks so, need not be drawn again. */
  twice(tile, figure) {
    const { painting } = window.depictio;
    painting.paint(tile, figure);
    OWN.run();
    return [painting.keep(tile, figure), painting.keep(tile, { ...figure })];
  },
  run() { while (later.length) later.shift()(); },
  drawn: () => drawn,
  automatic: () => automatic,
  measured: () => measured,
  /* The box around a plot out of sight has changed. */
  resized(tile) {
    const { box } = elements.get(tile);
    for (const { tell, targets } of observers) if (targets.includes(box)) tell([{ target: box }]);
  },
  classes: () => [...classes],
  answer: (text) => plain(window.depictio.wire.read(bytes(text))),
  brushed(text, wishes) {
    const brush = window.depictio.ranges.prepared(window.depictio.wire.read(bytes(text)));
    const places = window.depictio.ranges.span(brush, wishes);
    return plain([places.isExact, Object.fromEntries(Object.keys(brush.tiles).map((id) => [id, window.depictio.ranges.entry(brush, id, places)]))]);
  },
  cast(text) {
    const { mould, arrays } = window.depictio.wire.read(bytes(text));
    const [first, second] = [0, 1].map(() => plain(window.depictio.wire.cast(mould, arrays)));
    if (JSON.stringify(first) !== JSON.stringify(second)) throw new Error('The mould has changed.');
    return second;
  },
};

function call([path, ...args]) {
  if (OWN[path]) return OWN[path](...args);
  const parts = path.split('.');
  const target = parts.slice(0, -1).reduce((found, part) => found[part], window);
  return target[parts.at(-1)](...args);
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  let answer;
  try {
    answer = { value: call(JSON.parse(line)) ?? null };
  } catch (error) {
    answer = { error: error.name };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
