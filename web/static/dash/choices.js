/*
 * What select controls and check boxes offer: narrowed by the other filters as soon as the tiles have followed them, and,
 * in a list of more values than the page holds, what the reader searches for among all of them. dash_views/choices.py is
 * the other side.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    unreachable: tr('The server cannot be reached.'),
    failed: (why) => tr('The choices of the filters could not be brought up to date. {why}', { why }),
  };

  const { asking, post } = window.depictio;
  const CHOICES = 'choices';
  const PAUSE = 200; // Milliseconds without a key before a search is asked for.

  const searches = new Map(); // tile → what is searched for in its list
  const wholes = new Map(); // tile → whether its list held all values when nothing was searched for
  let state = {};
  let answered = 0; // the sequence of the filter state that the lists follow
  let sequence = 0;
  let underWay = null;
  let timer = 0;

  const idOf = (tile) => JSON.stringify({ role: 'filter', tile });

  /* The tile of a control of the panel. */
  function tileOf(element) {
    const named = element.closest && element.closest('[id^="{"]');
    const id = named ? JSON.parse(named.id) : {};
    return id.role === 'filter' && named.closest('.filter') ? id.tile : null;
  }

  async function ask() {
    window.clearTimeout(timer);
    if (underWay) underWay.abort();
    const own = new AbortController();
    underWay = own;
    sequence += 1;
    const search = Object.fromEntries(searches);
    let answer;
    try {
      answer = await post('_options', { sequence, view: asking.view, wishes: state, search }, own.signal);
    } catch (error) {
      if (underWay === own) fail(error.said || WORDS.unreachable);
      return;
    }
    if (underWay !== own) return;
    underWay = null;
    if (answer.failure) {
      fail(answer.failure);
      return;
    }
    window.depictio.say('', CHOICES);
    show(answer.tiles, search);
  }

  /* The lists stay as they are, which is said, unless the board says the reason. */
  function fail(why) {
    underWay = null;
    answered = 0;
    const { failures, links, viewAddress } = window.depictio;
    if (!failures.has(why) && !links.fault() && !viewAddress.isLost(window.location.search)) window.depictio.say(WORDS.failed(why), CHOICES, ask);
  }

  function show(tiles, search) {
    for (const [tile, { props, whole }] of Object.entries(tiles)) {
      if (!search[tile]) wholes.set(tile, whole);
      const filter = document.querySelector(`.filter[data-filter="${window.CSS.escape(tile)}"]`);
      if (!filter) continue; // It has been deleted since.
      window.depictio.offer({ role: 'filter', tile }, props);
      const segments = filter.querySelector('.mantine-SegmentedControl-root');
      if (segments) window.requestAnimationFrame(() => shade(segments));
    }
  }

  /* Segments of which the other filters leave no row are grey; they can be chosen all the same. */
  function shade(control) {
    for (const label of control.querySelectorAll('label')) label.classList.toggle('is-empty', label.textContent.endsWith(' (0)'));
  }

  document.addEventListener('depictio:settled', ({ detail }) => {
    const isFirst = !answered && !Object.keys(detail.state).length && !Object.keys(state).length;
    if (detail.sequence === answered) return;
    [answered, state] = [detail.sequence, detail.state];
    // A control forgets what was typed when something is chosen.
    for (const tile of searches.keys()) if (!isTyped(tile)) searches.delete(tile);
    if (!isFirst) ask();
  });

  /* The filters were drawn anew, with the choices that they have when nothing is filtered. */
  document.addEventListener('depictio:panel', () => { if (Object.keys(state).length) ask(); });

  const isTyped = (tile) => {
    const input = document.getElementById(idOf(tile));
    return Boolean(input) && input === document.activeElement && input.value.trim() === searches.get(tile);
  };

  document.addEventListener('input', ({ target }) => {
    const tile = tileOf(target);
    if (!tile || !target.matches('[aria-haspopup="listbox"]') || wholes.get(tile) === true) return;
    const text = target.value.trim();
    if (text) searches.set(tile, text);
    else searches.delete(tile);
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  }, true);

  document.addEventListener('focusout', ({ target }) => {
    const tile = tileOf(target);
    if (tile && searches.delete(tile)) ask();
  }, true);
})();
