/*
 * Galleries: a page of images on its tile. A click or Enter shows one on the whole window (lightbox.js), the mark in its
 * corner, Space, or a click with Ctrl, Command or Shift selects it. Arrow keys go from image to image, Page Up and Page
 * Down turn the pages. dash_views/image_gallery.py says what a page is.
 */
(function () {
  'use strict';

  const { grouped, lightbox, tr } = window.depictio;
  const WORDS = {
    list: tr('Images. Arrow keys go from one to the next, Enter shows it large, Space selects it.'),
    plainList: tr('Images. Arrow keys go from one to the next, Enter shows it large.'),
    open: (alt) => tr('Show large: {alt}', { alt }),
    pick: (alt) => tr('Select {alt}', { alt }),
    broken: tr('Cannot be shown'), reason: ({ detail, errors }) => [detail, ...(errors || []).map(({ message }) => tr('It {message}.', { message }))].join(' '),
    span: (first, last, of) => tr('{first}–{last} of {of}', { first, last, of }),
    before: tr('Previous images'), next: tr('Next images'), pages: tr('Pages of images'),
  };

  const entries = Object.create(null); // gallery → what it shows
  const pages = Object.create(null); // gallery → the page that was turned to, and under which filters
  let state = {};
  let awaited = null; // the image that the large view goes on with when its page has come

  /* What the others wish: the page of a gallery begins anew when that changes, not when its own images are picked. */
  const others = (wishes, id) => JSON.stringify(Object.entries(wishes || {}).filter(([key]) => key !== id).sort());

  /* The pages beyond the first ones, as far as they belong to this state. */
  function turned(wishes) {
    const found = {};
    for (const [id, { page, under }] of Object.entries(pages)) {
      if (under === others(wishes, id)) found[id] = page;
      else delete pages[id];
    }
    return found;
  }

  function turn(id, page) {
    const { asking } = window.depictio;
    delete pages[id];
    if (page > 0) pages[id] = { page, under: others(asking.state(), id) };
    asking.want(asking.state());
  }

  const place = (id) => {
    const tile = window.depictio.tiles.find(id);
    return tile && tile.querySelector('.tile-images');
  };

  const lastPage = ({ of, size }) => Math.max(0, Math.ceil(of / size) - 1);

  function make(name, className, props = {}) {
    return Object.assign(document.createElement(name), { className, ...props });
  }

  /* A page has come. One beyond the last, of a table that has become shorter, is turned back from. */
  function show(id, entry) {
    const root = place(id);
    if (!root) return;
    entries[id] = entry;
    if (!entry.items.length && entry.of) {
      turn(id, lastPage(entry));
      return;
    }
    const had = root.contains(document.activeElement) && document.activeElement.closest('.images-list') !== null;
    const list = make('ul', 'images-list');
    list.setAttribute('aria-label', entry.selects ? WORDS.list : WORDS.plainList);
    list.style.setProperty('--across', entry.across);
    list.style.setProperty('--least', `${entry.least}px`);
    const wide = Math.ceil(Math.max(entry.least, root.clientWidth / entry.across));
    list.append(...entry.items.map((item, index) => drawn(id, item, index, wide)));
    list.addEventListener('keydown', (event) => press(id, event));
    const pager = root.querySelector('.images-pager') || root.appendChild(pagerOf(id));
    const before = root.querySelector('.images-list');
    if (before) before.replaceWith(list);
    else root.prepend(list);
    count(pager, entry);
    look(id);
    if (had) focus(id, 0);
    resume(id);
  }

  const addressOf = (id, { name }) => `${window.depictio.dashboard()}/tiles/${encodeURIComponent(id)}/image?value=${encodeURIComponent(name)}`;

  /* The browser takes the smallest that is sharp where the image stands: `wide` pixels, where it does not know better. */
  function source(id, item, wide) {
    const address = addressOf(id, item);
    const srcset = entries[id].widths.map((width) => `${address}&width=${width} ${width}w`).join(', ');
    return { sizes: `auto, ${wide}px`, srcset };
  }

  /* Why an image does not come is in the answer, which the browser does not tell. */
  async function reason(address, said) {
    const answer = await fetch(address, { headers: { accept: 'application/problem+json' } });
    if (!answer.ok) said.textContent = WORDS.reason(await answer.json());
  }

  function drawn(id, item, index, wide) {
    const one = make('li', 'images-item');
    const open = make('button', 'images-open', { type: 'button', tabIndex: index ? -1 : 0, title: item.name });
    open.setAttribute('aria-label', WORDS.open(item.alt));
    const image = make('img', 'images-image', { loading: 'lazy', decoding: 'async', draggable: false, alt: item.alt });
    image.addEventListener('error', () => {
      const said = make('span', 'images-broken');
      const why = make('small', '', { textContent: item.name });
      said.append(window.depictio.tiles.icon('alert-triangle'), WORDS.broken, why);
      image.replaceWith(said);
      reason(image.currentSrc, why).catch(() => {}); // Then its name has to do.
    });
    Object.assign(image, source(id, item, wide));
    open.append(image);
    open.addEventListener('click', (event) => {
      if (canPick(id, item) && (event.ctrlKey || event.metaKey || event.shiftKey)) pick(id, item);
      else enlarge(id, index);
    });
    one.append(open);
    if (canPick(id, item)) one.append(picker(id, item));
    if (item.captions.length) one.append(captionOf(item));
    return one;
  }

  function picker(id, item) {
    const button = make('button', 'images-pick', { type: 'button', tabIndex: -1, title: WORDS.pick(item.alt) });
    button.setAttribute('aria-label', WORDS.pick(item.alt));
    button.append(window.depictio.tiles.icon('check'));
    button.addEventListener('click', () => pick(id, item));
    return button;
  }

  function captionOf(item) {
    const words = make('div', 'images-caption');
    words.append(...item.captions.map(([name, value]) => make('span', '', { title: `${name}: ${value}`, textContent: value })));
    return words;
  }

  // -- pages

  function pagerOf(id) {
    const pager = make('nav', 'images-pager');
    pager.setAttribute('aria-label', WORDS.pages);
    const button = (icon, label, by) => {
      const made = make('button', 'tile-tool', { type: 'button', title: label });
      made.setAttribute('aria-label', label);
      made.append(window.depictio.tiles.icon(icon));
      made.addEventListener('click', () => leaf(id, by));
      return made;
    };
    const said = make('span', 'images-span');
    said.setAttribute('role', 'status');
    pager.append(button('chevron-left', WORDS.before, -1), said, button('chevron-right', WORDS.next, 1));
    return pager;
  }

  function count(pager, entry) {
    const { items, of, page, size } = entry;
    const [before, said, next] = pager.children;
    const first = page * size + 1;
    pager.hidden = of <= size;
    said.textContent = WORDS.span(grouped(first), grouped(first + items.length - 1), grouped(of));
    // Not `disabled`: the button that was pressed keeps the focus.
    before.setAttribute('aria-disabled', String(page === 0));
    next.setAttribute('aria-disabled', String(page >= lastPage(entry)));
  }

  function leaf(id, by) {
    const page = entries[id].page + by;
    if (page >= 0 && page <= lastPage(entries[id])) turn(id, page);
  }

  // -- by keyboard

  function press(id, event) {
    const buttons = [...place(id).querySelectorAll('.images-open')];
    const at = buttons.indexOf(event.target);
    if (at < 0) return;
    const across = buttons.filter(({ parentElement }) => parentElement.offsetTop === buttons[0].parentElement.offsetTop).length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across, Home: -at, End: buttons.length - 1 - at };
    if (event.key in steps) focus(id, at + steps[event.key]);
    else if (event.key === 'PageDown') leaf(id, 1);
    else if (event.key === 'PageUp') leaf(id, -1);
    else if (event.key === ' ') pick(id, entries[id].items[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function focus(id, at) {
    const buttons = [...place(id).querySelectorAll('.images-open')];
    if (!buttons[at]) return;
    for (const button of buttons) button.tabIndex = -1;
    buttons[at].tabIndex = 0;
    buttons[at].focus();
  }

  // -- selecting

  const canPick = (id, item) => entries[id].selects && item.by !== null;

  const chosen = (id) => (state[id] && state[id].length === 1 && state[id][0][0] === 'in' ? state[id][0][1] : []);

  /* An image that is picked once more is given back. */
  function pick(id, item) {
    if (!canPick(id, item)) return;
    const was = chosen(id);
    const values = was.includes(item.by) ? was.filter((one) => one !== item.by) : [...was, item.by];
    window.dash_clientside.set_props({ role: 'images', tile: id }, { data: { values, stamp: performance.now() } });
  }

  /* The state has changed: picked images look so. */
  function mark(wishes) {
    state = wishes;
    for (const id of Object.keys(entries)) if (place(id)) look(id);
    if (lightbox.isOpen() && awaited === null && enlarged) enlarge(enlarged.id, enlarged.index);
  }

  function look(id) {
    const was = chosen(id);
    const root = place(id);
    root.classList.toggle('has-picked', was.length > 0);
    [...root.querySelectorAll('.images-item')].forEach((one, index) => {
      const item = entries[id].items[index];
      const isPicked = Boolean(item) && was.includes(item.by);
      one.classList.toggle('is-picked', isPicked);
      const button = one.querySelector('.images-pick');
      if (button) button.setAttribute('aria-pressed', String(isPicked));
    });
  }

  // -- on the whole window

  let enlarged = null; // the image that is shown large

  function enlarge(id, index) {
    const entry = entries[id];
    const item = entry && entry.items[index];
    if (!item) {
      lightbox.close();
      return;
    }
    enlarged = { id, index };
    lightbox.show({
      ...item,
      address: addressOf(id, item),
      at: entry.page * entry.size + index,
      of: entry.of,
      isPicked: chosen(id).includes(item.by),
      pick: canPick(id, item) ? () => pick(id, item) : null,
      go: (at) => go(id, at),
      back: () => {
        const { index: last } = enlarged;
        [enlarged, awaited] = [null, null];
        if (place(id)) focus(id, last);
      },
    });
  }

  /* Another image, for which the page may have to be turned. */
  function go(id, at) {
    const { page, size } = entries[id];
    const wanted = Math.floor(at / size);
    if (wanted === page) {
      enlarge(id, at % size);
      return;
    }
    awaited = { id, index: at % size };
    turn(id, wanted);
  }

  function resume(id) {
    if (!lightbox.isOpen() || !enlarged || enlarged.id !== id) return;
    const { index } = awaited && awaited.id === id ? awaited : enlarged;
    awaited = null;
    enlarge(id, Math.min(index, entries[id].items.length - 1));
  }

  window.depictio = Object.assign(window.depictio || {}, { gallery: { mark, show, turned } });
})();
