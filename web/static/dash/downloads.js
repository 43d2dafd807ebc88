/*
 * What can be taken along from a tile: a picture of its plot, the numbers that it shows, the rows behind them. One menu
 * for all tiles; rows are written to a file by the browser as they come, so that they may be of any size.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    menu: (tile) => tr('Download from {tile}', { tile }),
    png: tr('Picture (PNG)'),
    svg: tr('Picture (SVG)'),
    shown: tr('Numbers shown (CSV)'),
    rows: tr('All rows that match (CSV)'),
    parquet: tr('All rows that match (Parquet)'),
    failed: (why) => tr('The download failed. {why}', { why }),
    noPlot: tr('The plot has not been drawn yet.'),
    noServer: tr('The server cannot be reached.'),
  };
  const PICTURES = ['png', 'svg'];
  const DATA = { shown: ['shown', 'csv'], rows: ['rows', 'csv'], parquet: ['rows', 'parquet'] };
  const OFFERED = {
    figure: [...PICTURES, 'shown', 'rows', 'parquet'],
    map: [...PICTURES, 'shown', 'rows', 'parquet'],
    card: [...PICTURES, 'shown', 'rows', 'parquet'],
    table: [...PICTURES, 'rows', 'parquet'],
    image: [...PICTURES, 'rows', 'parquet'],
    text: PICTURES,
  };
  const SCALE = 2; // Pixels of a PNG for each of the page.
  const ROOM = 40; // Pixels for the title above a plot.
  const BESIDE = 12; // Pixels at the left of that title, where the plot itself begins at the edge.

  let open = null; // the menu that is shown, and the button that opened it

  const nameOf = (tile) => tile.getAttribute('aria-label');
  const fileName = (tile, end) => `${nameOf(tile).replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'tile'}.${end}`;

  function show(button) {
    const id = button.dataset.download;
    const tile = window.depictio.tiles.find(id);
    const menu = document.createElement('div');
    menu.className = 'tile-menu';
    menu.role = 'menu';
    menu.setAttribute('aria-label', WORDS.menu(nameOf(tile)));
    menu.append(...(OFFERED[tile.dataset.kind] || ['rows', 'parquet']).map((what) => entry(what, () => take(id, tile, what))));
    document.body.append(menu);
    const beside = window.depictio.tileMenu.standIn(button);
    place(menu, beside.getBoundingClientRect());
    button.setAttribute('aria-expanded', 'true');
    open = { menu, button, beside, top: beside.getBoundingClientRect().top };
    menu.firstChild.focus();
  }

  function entry(what, act) {
    const item = document.createElement('button');
    item.type = 'button';
    item.role = 'menuitem';
    item.tabIndex = -1;
    item.className = 'tile-menu-item';
    item.textContent = WORDS[what];
    item.addEventListener('click', () => {
      close(true);
      act();
    });
    return item;
  }

  /* Below the button, or above it where there is no room, and within the window. */
  function place(menu, { left, right, top, bottom }) {
    const { offsetWidth: width, offsetHeight: height } = menu;
    const x = Math.max(8, Math.min(right - width, window.innerWidth - width - 8));
    const y = bottom + height + 8 > window.innerHeight && top > height ? top - height - 4 : bottom + 4;
    menu.style.left = `${Math.min(x, Math.max(left, 8))}px`;
    menu.style.top = `${y}px`;
  }

  /* A scroll that came to its end just before, or of another part of the page, leaves the menu where it belongs. */
  const hasMoved = () => open && Math.abs(open.beside.getBoundingClientRect().top - open.top) > 1;

  function close(isFocused) {
    if (!open) return;
    const { menu, button, beside } = open;
    open = null;
    menu.remove();
    button.setAttribute('aria-expanded', 'false');
    if (isFocused) beside.focus();
  }

  function keys(event) {
    if (!open) return;
    const items = [...open.menu.children];
    const at = items.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (event.key in moves) items.at(moves[event.key] % items.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async function take(id, tile, what) {
    try {
      if (PICTURES.includes(what)) await picture(tile, what);
      else await rows(id, ...DATA[what]);
      window.depictio.say('');
    } catch (error) {
      window.depictio.say(WORDS.failed(error.said || error.message));
    }
  }

  /* A tile without a plot, and the drawing of a map, as they stand there: see picture.js. */
  async function picture(tile, format) {
    const isDrawn = tile.dataset.kind === 'figure' || (tile.dataset.kind === 'map' && format === 'png');
    if (isDrawn) await plot(tile, format);
    else save(await window.depictio.picture.tile(tile, format), fileName(tile, format));
  }

  /* The plot as it stands there, with its title, on the colour of its tile. */
  async function plot(tile, format) {
    const graph = tile.querySelector('.tile-graph');
    if (!graph || !graph.data) throw Object.assign(new Error(), { said: WORDS.noPlot });
    const { width, height } = graph.getBoundingClientRect();
    const colour = window.getComputedStyle(tile).backgroundColor;
    const ink = window.getComputedStyle(tile).color;
    const margin = { ...graph.layout.margin };
    margin.t = (margin.t || 0) + ROOM;
    const layout = {
      ...window.depictio.picture.inked(graph),
      margin,
      // Both stand at the top of what is drawn: the legend goes below the title.
      legend: { ...graph.layout.legend, y: 1 - ROOM / (height + ROOM) },
      title: { text: plain(nameOf(tile)), x: 0, xref: 'paper', xanchor: 'left', y: 1, yref: 'container', yanchor: 'top', pad: { t: 14, l: Math.max(0, BESIDE - graph._fullLayout._size.l) }, font: { size: 16, color: ink } },
      paper_bgcolor: colour,
    };
    const figure = { data: graph.data, layout, config: { staticPlot: true } };
    const size = { format, width, height: height + ROOM, scale: format === 'png' ? SCALE : 1 };
    save(await window.depictio.picture.image(graph, figure, size), fileName(tile, format));
  }

  /* A title is words, not the markup that Plotly reads. */
  const plain = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

  function save(url, name) {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
  }

  /* The server is asked first whether it can: what a form brings back as an error nobody would see. */
  async function rows(id, content, format) {
    const { asking, dashboard, tables } = window.depictio;
    const asked = { content, format, wishes: asking.state(), table: tables.models[id] || {} };
    const address = `${dashboard()}/tiles/${encodeURIComponent(id)}/export`;
    await check(address, { ...asked, format: 'csv' });
    send(address, fields(asked));
  }

  async function check(address, asked) {
    const controller = new AbortController();
    let response;
    try {
      const options = { method: 'POST', body: new URLSearchParams(fields(asked)), headers: { accept: 'application/json' }, signal: controller.signal };
      response = await window.fetch(address, options);
    } catch {
      throw Object.assign(new Error(), { said: WORDS.noServer });
    }
    if (!response.ok) throw Object.assign(new Error(), { said: await reason(response) });
    controller.abort(); // Its first rows are there; those of the form are kept.
  }

  async function reason(response) {
    try {
      const { detail, errors } = await response.json();
      return [detail, ...(errors || []).map(({ place, message }) => `${place}: ${message}`)].join(' ');
    } catch {
      return window.depictio.reason(response.status);
    }
  }

  const fields = (asked) => ({ asked: JSON.stringify(asked), _csrf_token: window.depictio.csrf() });

  function send(address, values) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = address;
    form.hidden = true;
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
    form.remove();
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-download]');
    const isOpen = open && open.button === button;
    if (open && !open.menu.contains(target)) close(false);
    if (button && !isOpen) show(button);
  });
  document.addEventListener('keydown', keys, true);
  document.addEventListener('scroll', () => hasMoved() && close(false), true);
  window.addEventListener('resize', () => close(false));
})();
