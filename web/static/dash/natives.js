/*
 * Dash brings a polyfill for browsers of long ago, whose list of blanks is that of an older Unicode: it takes what the
 * browser has itself for faulty, and puts functions in its place that take many times as long. A plot calls them
 * thousands of times, so the browser's own are put back when every script of the page has been read.
 */
(function () {
  'use strict';

  const HOMES = [
    [String.prototype, ['trim', 'trimStart', 'trimEnd', 'trimLeft', 'trimRight']],
    [Number, ['parseFloat', 'parseInt']],
    [window, ['parseFloat', 'parseInt']],
  ];
  const own = HOMES.flatMap(([home, names]) => names.map((name) => [home, name, home[name]]));

  document.addEventListener('DOMContentLoaded', () => {
    for (const [home, name, native] of own) home[name] = native;
  });
})();
