/*
 * What a link says that this dashboard cannot show: a filter that cannot be read or belongs to a tile that is gone, a tab
 * or a tile on the whole window that is gone. It is said in words, with a way to what is left of the link.
 */
(function () {
  'use strict';

  const LOST = '?'; // No tile can be called so: as long as it is among the filters, no rows are shown.
  const { tr } = window.depictio;
  const WORDS = {
    unread: (names) => tr('What this link says of {names} cannot be read; it may have been cut off. No rows are shown.', { names: names.join(', ') }),
    gone: tr('This link filters by a tile that the dashboard does not have any more. No rows are shown.'),
    leave: tr('Show the dashboard without it'),
    tab: tr('The tab of this link is gone. The first tab is shown.'),
    tile: tr('The tile that this link shows on the whole window is gone. The board is shown.'),
    whole: tr('the whole dashboard'),
  };

  const { failures, say, viewAddress, visits, wishes: rules } = window.depictio;
  let names = []; // what the unreadable filters are called
  let kept = {}; // the others of that link
  let lost = []; // the filters of the state that nobody can follow

  const nameOf = (key, tiles) => {
    const tile = tiles[key.slice(key.indexOf('.') + 1)];
    return tile ? `\u201c${tile.label}\u201d` : key === 'where' ? WORDS.whole : `\u201c${key}\u201d`;
  };

  /* The filters of an address; one that nobody can follow in the place of all when one of them cannot be read. */
  function read(search, tiles) {
    names = [];
    try {
      return viewAddress.filters(search);
    } catch (error) {
      const query = new URLSearchParams(search);
      const keys = rules.unread(search);
      for (const key of keys) query.delete(key);
      kept = rules.ofAddress(`?${query}`);
      names = keys.map((key) => nameOf(key, tiles));
      return { [LOST]: [['in', []]] };
    }
  }

  /* Which filters of this state nobody can follow; `where` is none of a tile. */
  function note(composed, tiles) {
    lost = Object.keys(composed).filter((id) => !tiles[id]);
  }

  /* What is wrong with the link, and how to go on; nothing when the server's own words say it. */
  function fault() {
    if (!lost.length) return null;
    const text = lost.includes(LOST) && names.length ? WORDS.unread([...new Set(names)]) : WORDS.gone;
    return { text, leave: Object.assign(leave, { words: WORDS.leave }) };
  }

  function leave() {
    const left = lost.includes(LOST) ? { ...kept } : { ...viewAddress.filters(window.location.search) };
    for (const id of lost) delete left[id];
    visits.open(viewAddress.contract(rules.toAddress(viewAddress.search(), left)));
  }

  /* Once the board is there: where the link leads to what is not. */
  function arrive(tiles) {
    const query = new URLSearchParams(viewAddress.search());
    const [tab, tile] = [query.get('tab'), query.get('tile')];
    const strip = document.querySelector('.board-tabs');
    if (tab && strip && strip.dataset.open !== tab) say(WORDS.tab, 'link');
    else if (tile && !tiles[tile]) say(WORDS.tile, 'link');
    else failures.forget(['link']);
  }

  window.depictio.links = { arrive, fault, note, read };
})();
