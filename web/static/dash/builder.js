/*
 * The builder in the editor's side panel: the search through the gallery, the columns that are chosen there, columns that
 * are put onto the fields of a form (by mouse, by finger, and with the keyboard through a list of the fields), and what is
 * wrong said at its field.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    puts: (column) => tr('Put {column} onto', { column }),
    put: (column, role) => tr('{column} is now on {role}.', { column, role }),
    taken: (column, role) => tr('{column} is taken off {role}.', { column, role }),
    nowhere: (column) => tr('No field takes {column}.', { column }),
    off: (role) => tr('Take off {role}', { role }),
    holds: (role, name) => (name ? tr('{role}: now {name}', { role, name }) : role),
  };
  const FAR = 5; // Pixels that a press moves before it is a drag.

  let drag = null; // { column, kind, from, ghost, x, y, moved }
  let wasDragged = false; // the click that ends a drag is none
  let menu = null;

  const dash = () => window.dash_clientside;
  const panel = () => document.getElementById('aside');
  const fieldId = (name) => ({ role: 'field', name });
  const roles = () => [...panel().querySelectorAll('.role')].filter((role) => !role.hidden && !role.closest('[hidden]'));
  const takes = (role, kind) => role.dataset.takes.split(' ').includes(kind);

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function say(text) {
    let live = document.getElementById('builder-said');
    if (!live) {
      live = make('div', 'dp-hidden');
      live.id = 'builder-said';
      live.setAttribute('role', 'status');
      document.body.append(live);
    }
    live.textContent = text;
  }

  // -- the gallery

  function search(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const group of panel().querySelectorAll('.gallery-group')) {
      let inGroup = 0;
      for (const entry of group.querySelectorAll('.gallery-entry')) {
        entry.hidden = !words.every((word) => entry.dataset.found.includes(word));
        if (!entry.hidden) inGroup += 1;
      }
      group.hidden = !inGroup;
      found += inGroup;
    }
    panel().querySelector('.gallery-nothing').hidden = found > 0;
  }

  const first = () => [...panel().querySelectorAll('.gallery-entry')].find((entry) => entry.offsetParent);

  document.addEventListener('input', ({ target }) => { if (target.id === 'gallery-search') search(target.value); });
  document.addEventListener('keydown', (event) => {
    if (event.target.id !== 'gallery-search') return;
    const entry = first();
    if (event.key === 'Enter' && entry) entry.click();
    if (event.key === 'ArrowDown' && entry) entry.focus();
    if (event.key === 'Enter' || event.key === 'ArrowDown') event.preventDefault();
  });

  // Arrow keys go through the pictures as they lie.
  document.addEventListener('keydown', (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const entry = step && event.target.closest && event.target.closest('.gallery-entry, .offer');
    if (!entry) return;
    const here = entry.getBoundingClientRect();
    const all = [...panel().querySelectorAll(entry.matches('.offer') ? '.offer' : '.gallery-entry')].filter((one) => one.offsetParent);
    const place = all.indexOf(entry);
    let next = all[place + step[0]];
    if (step[1]) {
      const beyond = all.filter((one) => (one.getBoundingClientRect().top - here.top) * step[1] > 4);
      next = (step[1] > 0 ? beyond : beyond.reverse()).find((one) => Math.abs(one.getBoundingClientRect().left - here.left) < 20);
    }
    if (next) next.focus();
    event.preventDefault();
  });

  // -- columns that are chosen in the gallery

  let chosen = null; // as the server has it: collection_id, columns, filters

  /* Of another table nothing is chosen yet; what is suggested for it comes with its columns. */
  function switched(collection, data) {
    if (!collection || (data && data.collection_id === collection)) return;
    chosen = { collection_id: collection, columns: [], filters: data ? data.filters : null };
    dash().set_props('chosen', { data: chosen });
  }

  function listed(_, data) {
    chosen = data || { collection_id: '', columns: [], filters: null };
    window.requestAnimationFrame(() => { mark(); refocus(); });
  }

  function mark() {
    for (const column of document.querySelectorAll('.shelf[data-mode="choose"] .shelf-column')) {
      column.setAttribute('aria-pressed', String(chosen.columns.includes(column.dataset.column)));
    }
  }

  function choose(name) {
    const columns = chosen.columns.includes(name) ? chosen.columns.filter((one) => one !== name) : [...chosen.columns, name];
    chosen = { ...chosen, columns };
    mark();
    dash().set_props('chosen', { data: chosen });
    dash().set_props('picked', { data: chosen }); // asks for what is suggested
  }

  let focused = null; // the column that has the focus, or had it until the list was drawn anew
  document.addEventListener('focusout', () => {
    // What is taken out of the page says so while it is still there.
    window.setTimeout(() => { if (focused && focused.isConnected && focused !== document.activeElement) focused = null; }, 0);
  });

  /* Columns that are drawn anew, as data have changed, take the focus with them. */
  function refocus() {
    if (!focused || focused.isConnected) return;
    const name = CSS.escape(focused.dataset.column);
    const again = panel().querySelector(`.shelf-column[data-column="${name}"]`) || panel().querySelector('.shelf-column');
    if (again) again.focus({ preventScroll: true });
  }

  // The list is one stop of the Tab key; arrow keys go through it.
  document.addEventListener('keydown', (event) => {
    const column = event.target.closest && event.target.closest('.shelf-column');
    if (!column) return;
    const all = [...column.closest('.shelf').querySelectorAll('.shelf-column')];
    const place = all.indexOf(column);
    const next = all[{ ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener('focusin', ({ target }) => {
    focused = target.matches('.shelf-column') ? target : null;
    if (!focused) return;
    for (const one of target.closest('.shelf').querySelectorAll('.shelf-column')) one.tabIndex = one === target ? 0 : -1;
  });

  // -- columns on fields

  /* What a field holds, as Dash has it. */
  function held(name) {
    const found = window.dash_component_api.getLayout(fieldId(name));
    return found && found.props ? found.props.value : null;
  }

  function put(role, column) {
    const { role: name, control, label } = role.dataset;
    const before = held(name);
    let value = column;
    if (control === 'columns') {
      const several = before || [];
      const isOn = several.includes(column);
      value = isOn ? several.filter((one) => one !== column) : [...several, column];
      say(isOn ? WORDS.taken(column, label) : WORDS.put(column, label));
    } else say(WORDS.put(column, label));
    dash().set_props(fieldId(name), { value });
    role.classList.add('is-put');
    window.setTimeout(() => role.classList.remove('is-put'), 600);
  }

  /* Beside each column the fields that it is on. */
  function tell() {
    const on = new Map();
    for (const { dataset } of document.querySelectorAll('#aside .role')) {
      for (const name of [held(dataset.role)].flat().filter(Boolean)) on.set(name, [...(on.get(name) || []), dataset.label]);
    }
    for (const column of document.querySelectorAll('.shelf[data-mode="bind"] .shelf-column')) {
      column.querySelector('.shelf-role').textContent = (on.get(column.dataset.column) || []).join(', ');
    }
  }

  // -- the list of fields of one column

  function close() {
    if (!menu) return;
    const { box, opener } = menu;
    menu = null;
    const had = box.contains(document.activeElement);
    box.remove();
    opener.setAttribute('aria-expanded', 'false');
    if (had && opener.isConnected) opener.focus();
  }

  function open(opener) {
    close();
    const { column, kind } = opener.dataset;
    const fitting = roles().filter((role) => takes(role, kind));
    if (!fitting.length) {
      say(WORDS.nowhere(column));
      return;
    }
    const box = make('div', 'shelf-menu');
    box.setAttribute('role', 'menu');
    box.setAttribute('aria-label', WORDS.puts(column));
    box.append(make('p', 'shelf-menu-title', WORDS.puts(column)));
    for (const role of fitting) {
      const { label } = role.dataset;
      const value = [held(role.dataset.role)].flat().filter(Boolean);
      const item = make('button', 'shelf-menu-item', value.includes(column) ? `${label} ✓` : WORDS.holds(label, value.join(', ')));
      item.type = 'button';
      item.setAttribute('role', 'menuitem');
      item.tabIndex = -1;
      item.addEventListener('click', () => {
        close();
        put(role, column);
      });
      box.append(item);
    }
    opener.after(box);
    opener.setAttribute('aria-expanded', 'true');
    menu = { box, opener };
    box.querySelector('.shelf-menu-item').focus();
    box.scrollIntoView({ block: 'nearest' });
  }

  function inMenu(event) {
    const items = [...menu.box.querySelectorAll('.shelf-menu-item')];
    const place = items.indexOf(document.activeElement);
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Tab') close();
    else if (event.key === 'Escape') {
      // The panel would close with the same key.
      event.stopPropagation();
      event.preventDefault();
      close();
    } else if (next !== undefined) {
      event.preventDefault();
      items[(next + items.length) % items.length].focus();
    }
  }

  window.addEventListener('keydown', (event) => { if (menu && menu.box.contains(event.target)) inMenu(event); }, true);

  document.addEventListener('click', (event) => {
    const column = event.target.closest && event.target.closest('.shelf-column');
    if (wasDragged) wasDragged = false;
    else if (!column) {
      if (menu && !menu.box.contains(event.target)) close();
    } else if (column.closest('.shelf').dataset.mode === 'choose') choose(column.dataset.column);
    else if (menu && menu.opener === column) close();
    else open(column);
  });

  // -- dragging a column

  /* A finger that rests on a column takes it, one that moves at once scrolls the list. */
  const HOLD = 250; // Milliseconds.

  document.addEventListener('pointerdown', (event) => {
    const from = event.target.closest && event.target.closest('.shelf[data-mode="bind"] .shelf-column');
    if (!from || event.button) return;
    wasDragged = false;
    const isTouch = event.pointerType === 'touch';
    drag = { column: from.dataset.column, kind: from.dataset.kind, from, x: event.clientX, y: event.clientY, pointer: event.pointerId, held: !isTouch };
    if (isTouch) drag.timer = window.setTimeout(() => { if (drag) { drag.held = true; lift(); } }, HOLD);
  });

  function lift() {
    close();
    drag.ghost = make('div', 'shelf-ghost', drag.column);
    document.body.append(drag.ghost);
    document.body.classList.add('is-binding');
    for (const role of roles()) role.classList.add(takes(role, drag.kind) ? 'is-open' : 'is-shut');
    move(drag.x, drag.y);
  }

  function target(x, y) {
    const under = document.elementFromPoint(x, y);
    const role = under && under.closest('.role');
    return role && role.classList.contains('is-open') ? role : null;
  }

  function move(x, y) {
    drag.ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
    const over = target(x, y);
    for (const role of roles()) role.classList.toggle('is-over', role === over);
    const body = panel().querySelector('.aside-body').getBoundingClientRect();
    if (y > body.bottom - 40) panel().querySelector('.aside-body').scrollTop += 12;
    if (y < body.top + 40) panel().querySelector('.aside-body').scrollTop -= 12;
  }

  document.addEventListener('pointermove', (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR;
    if (!drag.held && far) drop();
    else if (drag.held && !drag.ghost && far) lift();
    if (drag && drag.ghost) {
      event.preventDefault();
      move(event.clientX, event.clientY);
    }
  });

  document.addEventListener('selectstart', (event) => { if (drag) event.preventDefault(); });

  // A finger that carries a column does not scroll.
  document.addEventListener('touchmove', (event) => { if (drag && drag.ghost) event.preventDefault(); }, { passive: false });

  function drop() {
    if (!drag) return;
    window.clearTimeout(drag.timer);
    if (drag.ghost) {
      drag.ghost.remove();
      document.body.classList.remove('is-binding');
      for (const role of document.querySelectorAll('.role')) role.classList.remove('is-open', 'is-shut', 'is-over');
    }
    drag = null;
  }

  document.addEventListener('pointerup', (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { ghost, column } = drag;
    const role = ghost && target(event.clientX, event.clientY);
    wasDragged = Boolean(ghost);
    // The click that follows comes at once, if it comes at all.
    window.setTimeout(() => { wasDragged = false; }, 0);
    drop();
    if (role) put(role, column);
  });
  document.addEventListener('pointercancel', drop);
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !drag || !drag.ghost) return;
    event.stopPropagation();
    drop();
  }, true);

  // -- what is wrong, at its field

  let marked = []; // the fields that say something

  function wrong(problems, ids) {
    const found = problems || {};
    const there = new Set(ids.map(({ name }) => name));
    for (const name of marked) if (there.has(name) && !(name in found)) dash().set_props(fieldId(name), { error: null });
    marked = Object.keys(found).filter((name) => there.has(name));
    for (const name of marked) dash().set_props(fieldId(name), { error: found[name] });
  }

  function bound() {
    window.requestAnimationFrame(tell);
  }

  /* The columns beside a form were drawn anew. */
  function redrawn() {
    window.requestAnimationFrame(() => { tell(); refocus(); });
  }

  document.addEventListener('depictio:made', tell);

  window.depictio = Object.assign(window.depictio || {}, { builder: { redrawn } });
  window.dash_clientside = Object.assign(window.dash_clientside || {}, { builder: { bound, listed, switched, wrong } });
})();
