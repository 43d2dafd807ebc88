/*
 * The panel beside the board, in which notes.js and comments.js show what they have; both go over REST.
 */
(function () {
  'use strict';

  const { element: h, rest: restOf, tool } = window.depictio.parts;
  const { tr } = window.depictio;
  const WORDS = { close: tr('Close'), failed: tr('The server cannot be reached. What you wrote is still here.') };

  const rest = restOf(WORDS.failed);
  const pages = {}; // notes and comments, as their scripts put them here
  let page = ''; // the one that is shown
  let opener = null;

  const panel = () => document.getElementById('talk');
  const may = (what) => panel() && panel().getAttribute(`data-may-${what}`) === 'True';
  const isOn = (name) => page === name;

  async function all(path) {
    const found = [];
    for (let after = ''; after !== null; ) {
      const part = await rest('GET', `${path}?limit=1000&after=${encodeURIComponent(after)}`);
      found.push(...part.items);
      after = part.next;
    }
    return found;
  }

  function open(wanted, tile = null) {
    if (!panel().hidden && page === wanted && pages[wanted].about() === tile) {
      close();
      return;
    }
    unfold(wanted);
    pages[wanted].open(tile);
  }

  function unfold(wanted) {
    if (panel().hidden) opener = document.activeElement;
    page = wanted;
    panel().hidden = false;
    document.body.classList.toggle('shows-notes', page === 'notes');
  }

  function close() {
    pages.notes.flush();
    panel().hidden = true;
    page = '';
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  function head(title, ...tools) {
    const shut = tool('x', WORDS.close, close);
    return h('div', { className: 'talk-head' }, h('h2', { className: 'talk-title', tabIndex: -1 }, title), ...tools, shut);
  }

  const body = () => panel().querySelector('.talk-body');

  function show(...parts) {
    const hadFocus = panel().contains(document.activeElement);
    body().replaceChildren(...parts);
    if (!hadFocus || !panel().contains(document.activeElement)) body().querySelector('.talk-title').focus();
  }

  const say = (...parts) => { const line = body().querySelector('.talk-said'); if (line) line.replaceChildren(...parts); };

  const when = (text) => window.depictio.moment(new Date(text));

  // -- what opens it

  document.addEventListener('click', ({ target }) => {
    const tool = target.closest('[data-talk]');
    if (tool) open('comments', tool.dataset.talk);
    else if (target.closest('#comments')) open('comments');
    else if (target.closest('#notes')) open('notes');
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && panel() && !panel().hidden && panel().contains(event.target)) close();
  });

  new MutationObserver((_, observer) => {
    if (!panel()) return;
    observer.disconnect();
    if (!may('reading')) return;
    document.body.classList.add('can-talk');
    pages.comments.start();
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.depictio.talk = { all, head, isOn, may, pages, panel, rest, say, show, unfold, when };
})();
