/*
 * What follows the view (dash_views/grid/view.js): tiles that have come into sight are asked for, one tile may fill the
 * window, and tabs may be slides.
 */
(function () {
  'use strict';

  const { asking, menu, tileMenu, tr } = window.depictio;
  const view = () => window.dash_views.view;
  const WORDS = {
    full: (name) => tr('Show {name} on the whole window', { name }), back: tr('Back to the board'), slide: (number, many) => tr('{number} of {many}', { number, many }),
    before: tr('Previous slide'), next: tr('Next slide'), leave: tr('End the presentation'), presentation: tr('Presentation'),
    link: tr('Copy link to this tile'),
  };

  let opener = null;
  let wasDrawn = '';

  const place = (id) => document.querySelector(`.tile-section [data-tile="${CSS.escape(id)}"]`);
  const boardTabs = () => [...document.querySelectorAll('.board-tab [role=tab]')];
  const wait = (act) => window.requestAnimationFrame(() => window.requestAnimationFrame(act));

  /* The tiles in sight have changed: those that have come are asked for. */
  function follow() {
    wait(() => {
      share();
      fill();
      present();
      const drawn = [...window.depictio.tiles.all().keys()].join(' ');
      const isSame = drawn === wasDrawn;
      wasDrawn = drawn;
      if (!isSame && asking.state()) asking.want(asking.state());
    });
  }

  /* Tiles of another section or tab are empty where they have come to stand. */
  function refill() {
    wait(() => {
      const { all, isFilled } = window.depictio.tiles;
      const isAsking = document.body.classList.contains('is-asking');
      if (!isAsking && [...all().values()].some((tile) => !isFilled(tile))) asking.want(asking.state());
    });
  }

  /* Where a new tile is meant to stand; callbacks read it. */
  function share(section = '') {
    const tabs = document.getElementById('tabs');
    if (tabs && window.dash_clientside.set_props) window.dash_clientside.set_props('view', { data: { tab: tabs.dataset.open || '', section } });
  }

  document.addEventListener('depictio:add', ({ detail }) => {
    const add = document.getElementById('add-tile');
    if (!add) return;
    add.click();
    wait(() => window.dash_clientside.set_props('view', { data: detail }));
  });

  document.addEventListener('click', ({ target, isTrusted }) => {
    if (isTrusted && target.closest('#add-tile')) share();
  });

  // -- one tile on the whole window

  function fill() {
    const id = view().get('tile');
    for (const one of document.querySelectorAll('.is-full')) if (one.dataset.tile !== id) shrink(one);
    const element = id ? place(id) : null;
    document.body.classList.toggle('has-full', Boolean(element));
    if (!element || element.classList.contains('is-full')) return;
    element.classList.add('is-full');
    const back = element.querySelector('[data-full]');
    if (back) back.setAttribute('aria-expanded', 'true');
    const tools = element.querySelector('.tile-tools');
    if (tools) tools.append(link());
    window.dispatchEvent(new Event('resize'));
    const isGone = !document.activeElement.getClientRects().length; // A wide heading needs no menu.
    if (isGone || !element.contains(document.activeElement)) {
      opener = document.activeElement;
      if (back) back.focus({ preventScroll: true });
    }
  }

  /* The bar, and its button for this, lie behind the tile; visits.js copies. */
  function link() {
    const { element, picture } = window.dash_views.acts;
    const attributes = { type: 'button', className: 'tile-tool tile-link', title: WORDS.link, 'aria-label': WORDS.link, 'data-copies': 'view' };
    return element('button', attributes, picture('link'), element('span', { className: 'tile-link-said', 'aria-live': 'polite' }));
  }

  function shrink(element) {
    element.classList.remove('is-full');
    for (const made of element.querySelectorAll('.tile-link')) made.remove();
    const button = element.querySelector('[data-full]');
    if (button) button.setAttribute('aria-expanded', 'false');
    window.dispatchEvent(new Event('resize'));
    const back = opener && opener.isConnected ? opener : button;
    if (back) tileMenu.standIn(back).focus({ preventScroll: true });
    opener = null;
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-full]');
    if (!button) return;
    const id = button.dataset.full;
    view().go({ tile: view().get('tile') === id ? null : id });
  });

  // -- tabs as slides

  function present() {
    const isOn = view().get('present') !== null;
    const was = document.body.classList.contains('is-presenting');
    document.body.classList.toggle('is-presenting', isOn);
    if (isOn !== was) window.dispatchEvent(new Event('resize'));
    let bar = document.querySelector('.slides-bar');
    if (!isOn) {
      if (bar) bar.remove();
      return;
    }
    if (!bar) {
      bar = slides();
      bar.querySelector('[data-next]').focus({ preventScroll: true });
    }
    const tabs = boardTabs();
    const at = Math.max(0, tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true'));
    bar.querySelector('.slides-count').textContent = WORDS.slide(at + 1, Math.max(1, tabs.length));
    bar.querySelector('.slides-title').textContent = tabs.length ? tabs[at].textContent : '';
  }

  function slides() {
    const { element, picture } = window.dash_views.acts;
    const button = (name, label, act) => {
      const made = element('button', { type: 'button', className: 'tile-tool', title: label, 'aria-label': label }, picture(name));
      made.addEventListener('click', act);
      return made;
    };
    const next = button('chevron-right', WORDS.next, () => step(1));
    next.dataset.next = '';
    const bar = element('div', { className: 'slides-bar', role: 'toolbar', 'aria-label': WORDS.presentation },
      button('chevron-left', WORDS.before, () => step(-1)),
      element('span', { className: 'slides-count', role: 'status' }),
      element('strong', { className: 'slides-title' }),
      next,
      button('x', WORDS.leave, leave));
    document.body.append(bar);
    return bar;
  }

  function step(by) {
    const tabs = boardTabs();
    const at = tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true') + by;
    if (at >= 0 && at < tabs.length) view().go({ tab: tabs[at].id.replace(/^tab-/, ''), tile: null });
  }

  function leave() {
    view().go({ present: null });
    if (document.fullscreenElement) document.exitFullscreen();
    // It is hidden as long as there are slides.
    const button = document.getElementById('present');
    wait(() => wait(() => { if (button) menu.standIn(button).focus({ preventScroll: true }); }));
  }

  const isBusy = (target) => Boolean(target.closest('input, textarea, select, dialog, [role=slider], .ag-root, [aria-expanded="true"]:not([data-full])'));

  document.addEventListener('keydown', (event) => {
    if (!window.dash_views || !view() || event.defaultPrevented) return;
    const isPresenting = view().get('present') !== null;
    if (event.key === 'Escape' && !isBusy(event.target)) {
      if (view().get('tile')) view().go({ tile: null });
      else if (isPresenting) leave();
      return;
    }
    if (!isPresenting || isBusy(event.target) || event.target.closest('[role=tab]')) return;
    if (['ArrowRight', 'PageDown'].includes(event.key)) step(1);
    else if (['ArrowLeft', 'PageUp'].includes(event.key)) step(-1);
  });

  document.addEventListener('click', ({ target }) => {
    if (target.closest('#present')) {
      view().go({ present: '1' });
      // The browser may refuse; the presentation fills the window in any case.
      if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
    }
  });

  // -- at first, when Dash has drawn the board

  new MutationObserver((_, observer) => {
    if (!document.getElementById('tabs') || !document.getElementById('grid')) return;
    observer.disconnect();
    wasDrawn = [...window.depictio.tiles.all().keys()].join(' ');
    document.addEventListener('depictio:view', follow);
    document.addEventListener('depictio:moved', refill);
    wait(() => { share(); fill(); present(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
