/*
 * Several tiles chosen by an author: by Ctrl or Shift and a click, with a frame drawn around them, or by the space bar.
 * A bar says how many they are and what can be done to all of them; they are copied to the clipboard as a reference,
 * which any dashboard that may take them can paste.
 */
(function () {
  'use strict';

  const { acts } = window.dash_views;
  const { act, ask, element, field, picture } = acts;

  const MARK = 'depictio-tiles:';
  const FAR = 5; // Pixels from which a drag on the empty grid draws a frame.
  const WORDS = window.dash_views.words.picks;

  const KEPT = 'depictio-copied'; // What was copied last, for the button that pastes: it may not read the clipboard.

  const chosen = new Set();
  let isChoosing = false; // whether a click or a tap on a heading chooses its tile
  let known = { props: { tabs: [], sections: [], editable: false }, open: '' };
  let bar = null;

  const elements = () => [...document.querySelectorAll('.tile-section [data-tile]')];
  const isWriting = (target) => Boolean(target.closest && target.closest('input, textarea, select, [contenteditable], dialog'));
  const grid = () => document.querySelector('.tile-grid');

  function say(text) {
    const status = grid() && grid().querySelector(':scope > [role=status]');
    if (status) status.textContent = text;
  }

  function know(props, open) {
    known = { props, open };
    const there = new Set((props.items || []).filter(Boolean).map((item) => item.id));
    for (const id of [...chosen]) if (!there.has(id)) chosen.delete(id);
    show();
  }

  function show() {
    for (const one of elements()) one.classList.toggle('is-picked', chosen.has(one.dataset.tile));
    document.body.classList.toggle('has-picks', chosen.size > 0);
    if (!chosen.size) {
      if (bar) bar.hidden = true;
      return;
    }
    if (!bar) bar = makeBar();
    bar.hidden = false;
    bar.querySelector('.picks-count').textContent = WORDS.chosen(chosen.size);
  }

  function toggle(id) {
    if (!chosen.delete(id)) chosen.add(id);
    show();
    say(WORDS.told(chosen.size));
  }

  function clear() {
    chosen.clear();
    show();
  }

  /* The tiles that move when this one is dragged: all chosen ones, if it is one of them. */
  const together = (id) => (chosen.has(id) ? [...chosen] : [id]);

  /* For mice and fingers without keys beside them. */
  function choose(on) {
    isChoosing = on;
    document.body.classList.toggle('is-choosing', on);
    if (on) say(WORDS.choosing);
    tell();
  }

  const tell = () => window.dispatchEvent(new Event('depictio:picks'));

  // -- the bar

  function makeBar() {
    const button = (name, label, onClick) => {
      const word = element('span', { className: 'picks-word' }, label);
      const made = element('button', { type: 'button', className: 'dp-button', title: label, 'data-kind': 'quiet', 'aria-label': label }, picture(name), word);
      made.addEventListener('click', onClick);
      return made;
    };
    const made = element('div', { className: 'picks-bar', role: 'toolbar', 'aria-label': WORDS.bar },
      element('strong', { className: 'picks-count' }),
      button('arrow-forward-up', WORDS.move, moveSomewhere),
      button('layout-align-left', WORDS.align, lineUp),
      button('layout-distribute-vertical', WORDS.spread, () => act('distribute_tiles', { tiles: [...chosen] })),
      button('copy', WORDS.duplicate, () => act('duplicate_tiles', { tiles: [...chosen] })),
      button('versions', WORDS.copy, copyByButton),
      button('trash', WORDS.remove, removeAll),
      button('x', WORDS.none, () => { choose(false); clear(); }));
    document.body.append(made);
    return made;
  }

  async function moveSomewhere() {
    const { tabs, sections } = known.props;
    const select = element('select', { name: 'place' });
    for (const tab of tabs.length ? tabs : [{ id: '', title: '' }]) {
      const names = ['', ...sections.filter((one) => one.tab === tab.id).map((one) => one.name)];
      for (const name of names) {
        const text = [tab.title, name || WORDS.first].filter(Boolean).join(' / ');
        select.append(element('option', { value: JSON.stringify([tab.id, name]), selected: tab.id === known.open && !name }, text));
      }
    }
    const found = await ask(WORDS.move, [field(WORDS.target, select)], { save: WORDS.go });
    if (!found) return;
    const [tab, section] = JSON.parse(found.place);
    act('move_tiles', { tiles: [...chosen], place: { tab, section }, at: null });
  }

  async function lineUp() {
    const select = element('select', { name: 'side' });
    for (const [value, text] of Object.entries(WORDS.sides)) select.append(element('option', { value }, text));
    const found = await ask(WORDS.align, [field(WORDS.how, select)], { save: WORDS.lineUp });
    if (found) act('align_tiles', { tiles: [...chosen], side: found.side });
  }

  async function removeAll() {
    if (await acts.sure(WORDS.sure(chosen.size))) act('remove_tiles', { tiles: [...chosen] });
  }

  // -- the clipboard

  const dashboard = () => (window.location.pathname.match(/\/dashboards\/([^/]+)/) || [])[1];
  const reference = () => MARK + JSON.stringify({ dashboard: dashboard(), tiles: [...chosen] });
  const fail = (detail) => document.dispatchEvent(new CustomEvent('depictio:failure', { detail }));

  /* What the text of a clipboard, or of what was kept, refers to; null when that is no tile. */
  function read(text) {
    if (!text || !text.startsWith(MARK)) return null;
    try {
      return JSON.parse(text.slice(MARK.length));
    } catch (error) {
      return null;
    }
  }

  function copied() {
    try {
      return read(window.localStorage.getItem(KEPT));
    } catch (error) {
      return null; // A browser may keep nothing.
    }
  }

  function keep() {
    try {
      window.localStorage.setItem(KEPT, reference());
    } catch (error) {
      // Then Ctrl+V is the only way.
    }
    const text = WORDS.copied(chosen.size);
    say(text);
    document.dispatchEvent(new CustomEvent('depictio:notice', { detail: { text } }));
    tell();
  }

  async function copyByButton() {
    keep();
    try {
      await navigator.clipboard.writeText(reference());
    } catch (error) {
      if (!copied()) fail(WORDS.locked);
    }
  }

  document.addEventListener('copy', (event) => {
    if (!chosen.size || isWriting(event.target) || String(window.getSelection())) return;
    event.clipboardData.setData('text/plain', reference());
    event.preventDefault();
    keep();
  });

  /* Into the section in which somebody is, else on top of the open tab. */
  function paste({ dashboard: from, tiles }, target = null) {
    const section = target && target.closest && target.closest('.tile-section');
    const { sectionTab, sectionName } = section ? section.dataset : { sectionTab: known.open, sectionName: '' };
    act('paste_tiles', { dashboard: from, tiles, place: { tab: sectionTab, section: sectionName } });
  }

  document.addEventListener('paste', (event) => {
    if (!known.props.editable || isWriting(event.target)) return;
    const text = event.clipboardData.getData('text/plain');
    if (!text.startsWith(MARK)) return;
    event.preventDefault();
    const found = read(text);
    if (found) paste(found, event.target);
    else fail(WORDS.foreign);
  });

  // -- choosing

  const placeOf = (target) => (target.closest ? target.closest('.tile-section [data-tile]') : null);

  // In the capture phase, before gridstack takes the press for a drag.
  document.addEventListener('mousedown', (event) => {
    if (!known.props.editable || event.button !== 0) return;
    const place = placeOf(event.target);
    if (place && (event.ctrlKey || event.metaKey || event.shiftKey) && event.target.closest('.tile-head')) {
      event.preventDefault();
      event.stopPropagation();
      toggle(place.dataset.tile);
    } else if (!place && event.target.closest('.grid-stack')) {
      frame(event);
    }
  }, true);

  let pressed = null; // where a press has begun: the click that ends a drag chooses nothing
  document.addEventListener('pointerdown', ({ clientX, clientY }) => { pressed = [clientX, clientY]; }, true);
  document.addEventListener('click', ({ target, clientX, clientY }) => {
    const place = isChoosing && known.props.editable && placeOf(target);
    if (!place || !target.closest('.tile-head') || target.closest('button, a')) return;
    if (pressed && Math.hypot(clientX - pressed[0], clientY - pressed[1]) < FAR) toggle(place.dataset.tile);
  });

  /* A frame that is drawn on the empty grid chooses what it touches. */
  function frame({ clientX: x0, clientY: y0, ctrlKey, shiftKey }) {
    const before = ctrlKey || shiftKey ? new Set(chosen) : new Set();
    const box = element('div', { className: 'picks-frame' });
    const move = ({ clientX, clientY }) => {
      const [left, top, right, low] = [Math.min(x0, clientX), Math.min(y0, clientY), Math.max(x0, clientX), Math.max(y0, clientY)];
      if (!box.isConnected && right - left < FAR && low - top < FAR) return;
      if (!box.isConnected) document.body.append(box);
      Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${low - top}px` });
      chosen.clear();
      for (const id of before) chosen.add(id);
      for (const one of elements()) {
        const at = one.getBoundingClientRect();
        if (at.left < right && at.right > left && at.top < low && at.bottom > top) chosen.add(one.dataset.tile);
      }
      show();
    };
    const end = () => {
      document.removeEventListener('mousemove', move);
      document.removeEventListener('mouseup', end);
      if (!box.isConnected) clear();
      box.remove();
    };
    document.addEventListener('mousemove', move);
    document.addEventListener('mouseup', end);
  }

  document.addEventListener('keydown', (event) => {
    if (!known.props.editable || isWriting(event.target) || event.altKey) return;
    const place = placeOf(event.target);
    const isHandle = place && event.target.closest(known.props.handle || '.tile-handle');
    const modified = event.ctrlKey || event.metaKey;
    if (event.key === ' ' && isHandle && !modified) {
      event.preventDefault();
      toggle(place.dataset.tile);
    } else if (event.key.toLowerCase() === 'a' && modified && place) {
      event.preventDefault();
      for (const one of elements()) chosen.add(one.dataset.tile);
      show();
      say(WORDS.chosen(chosen.size));
    } else if (event.key.toLowerCase() === 'n' && isHandle && !modified) {
      event.preventDefault();
      document.getElementById('add-tile')?.click();
    } else if (event.key.toLowerCase() === 'm' && chosen.size && !modified && isHandle) {
      event.preventDefault();
      bar.querySelector('button').focus();
    } else if (event.key === 'Delete' && chosen.size && !modified && (isHandle || event.target === document.body)) {
      event.preventDefault();
      removeAll();
    } else if (event.key === 'Escape' && (chosen.size || isChoosing)) {
      choose(false);
      const wasInBar = bar && bar.contains(document.activeElement);
      const last = elements().find((one) => chosen.has(one.dataset.tile));
      clear();
      if (wasInBar && last) last.querySelector(known.props.handle || '.tile-handle')?.focus();
    }
  });

  window.addEventListener('storage', ({ key }) => { if (key === KEPT) tell(); });

  window.dash_views.picks = {
    choose, clear, copied, counted: (many) => WORDS.chosen(many), isChoosing: () => isChoosing, items: () => known.props.items || [], know, paste, show, with: together,
  };
})();
