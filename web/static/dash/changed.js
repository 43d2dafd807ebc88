/*
 * Which tiles new data have changed: what a tile shows is compared with what it showed before under the same filters.
 * Tiles that show other data are marked until the line of news is closed; one whose numbers stay is not.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = { changed: tr('changed') };

  const shown = new Map(); // tile → what it shows, and what was asked
  let news = null; // tile → what is said on it while there are news
  let marked = new Set();

  /* A tile has its answer to what was asked; `isOther`: its figure is another one. */
  function answered(id, asked, { figure, ...entry }, isOther) {
    const print = JSON.stringify(entry);
    const before = shown.get(id);
    shown.set(id, { asked, print });
    const hasChanged = Boolean(before) && before.asked === asked && (isOther || before.print !== print);
    if (hasChanged && news) mark(id);
    return hasChanged;
  }

  /* A tile that is drawn anew shows nothing. */
  const forget = (id) => shown.delete(id);

  /* From now on tiles that change are marked; those that are marked already say how it is now. */
  function begin(words) {
    news = words;
    for (const id of marked) mark(id);
  }

  function mark(id) {
    marked.add(id);
    const place = document.querySelector(`[data-tile="${CSS.escape(id)}"]`);
    if (!place) return;
    // A tile without news of its own table is changed by what a link leads to.
    for (const one of [place, place.querySelector('.tile')]) if (one) one.dataset.news = news[id] || WORDS.changed;
  }

  function end() {
    news = null;
    marked = new Set();
    for (const one of document.querySelectorAll('[data-news]')) delete one.dataset.news;
  }

  window.depictio = Object.assign(window.depictio || {}, { changed: { answered, begin, count: () => marked.size, end, forget } });
})();
