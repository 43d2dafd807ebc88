/* Runs the board's scripts without a browser: each line of input is [path of a function, arguments], each line of
 * output its value, or the error that it threw. `window` and `document` are what the scripts need of them. */
'use strict';

const fs = require('node:fs');
const readline = require('node:readline');
const vm = require('node:vm');

const NO_UPDATE = { no_update: true };
const classes = { add() {}, remove() {}, toggle() {} };
const window = {
  dash_clientside: { no_update: NO_UPDATE, callback_context: {}, set_props() {} },
  history: { state: null, replaceState(_, __, address) { window.location.written = address; } },
  location: { pathname: '/dashboards/d', search: '', hash: '' },
  setTimeout() { return 0; },
  clearTimeout() {},
  addEventListener() {},
};
const document = { body: { classList: classes }, addEventListener() {}, getElementById: () => null, querySelector: () => null };
const context = vm.createContext({ window, document, URLSearchParams, CSS: { escape: (text) => text } });
for (const path of process.argv.slice(2)) vm.runInContext(fs.readFileSync(path, 'utf-8'), context, { filename: path });

function call([path, ...args]) {
  if (path === 'context') {
    [window.dash_clientside.callback_context, window.location.search] = args;
    return null;
  }
  if (path === 'written') return window.location.written ?? null;
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
