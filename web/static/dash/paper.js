/*
 * The dashboard on paper: a PDF of all its tabs as they look on the screen, made in the browser (pdf.js) from pictures of
 * them (picture.js). No page ends within a tile that has room on one. Paper is light, whatever the screen is.
 */
(function () {
  'use strict';

  const { pdf, picture, tr } = window.depictio;
  const view = () => window.dash_views.view;
  const [SHORT, LONG] = [595.28, 841.89]; // A4, in points.
  const EDGE = 28;
  const FOOT = 16;
  const WIDE = 800; // Pixels from which a board lies better on a sheet on its side.
  const LARGEST = 0.75; // Points for a pixel: as large as on the screen.
  const SMALLEST = 0.6; // Of the usual size: what can still be read.
  const BELOW = 24; // Pixels that a sheet has below its last tile.
  const WHITE = '#ffffff';
  const GREY = '#4c5f69';
  const SIZE = 12; // Pixels of the line at the foot.
  const BASELINE = 0.8; // Of the height of a line of text, from above.
  const PATIENCE = 10000;
  const WORDS = {
    busy: tr('Making the PDF …'), done: tr('The PDF is made.'), failed: (why) => tr('The PDF could not be made. {why}', { why }),
    nothing: tr('There is nothing on this dashboard yet.'), foot: (title, number) => `${title} · ${number}`,
  };

  const frame = () => new Promise((resolve) => { window.requestAnimationFrame(resolve); });
  const hasTiles = () => Boolean(document.querySelector('.board-main .tile-section [data-tile]'));

  /* Rows are drawn empty before they are there. */
  function lacksRows(table) {
    if (table.querySelector('.ag-overlay-no-rows-wrapper, .tile-notice:not(:empty)')) return false;
    const rows = [...table.querySelectorAll('.ag-center-cols-container .ag-row')];
    return !rows.length || rows.some((row) => !row.textContent.trim());
  }

  const isWaiting = () => document.body.classList.contains('is-asking')
    || [...document.querySelectorAll('.board-main .tile[data-kind=table]')].some(lacksRows);

  // -- light

  let before = null;

  function lighten() {
    const { dataset } = document.documentElement;
    before = before || { mantine: dataset.mantineColorScheme, grid: dataset.agThemeMode };
    dataset.mantineColorScheme = dataset.agThemeMode = 'light';
  }

  function restore() {
    if (!before) return;
    Object.assign(document.documentElement.dataset, { mantineColorScheme: before.mantine, agThemeMode: before.grid });
    before = null;
  }

  window.addEventListener('beforeprint', lighten);
  window.addEventListener('afterprint', restore);

  // -- pages

  /* Where a sheet is cut: above tiles, as far down as a page has room. Only what is higher than a page is cut itself. */
  function cuts({ height, boxes }, room) {
    const places = [0];
    const isFree = (y) => boxes.every(({ top, bottom }) => y <= top || y >= bottom);
    while (height - places.at(-1) > room) {
      const from = places.at(-1);
      const found = boxes.map(({ top }) => top).filter((y) => y > from && y <= from + room && isFree(y));
      places.push(found.length ? Math.max(...found) : from + room);
    }
    return [...places, height];
  }

  function page(sheet, [from, to], { size, scale, room }, number) {
    const foot = FOOT / scale;
    const drawn = document.createElement('canvas');
    [drawn.width, drawn.height] = [sheet.canvas.width, Math.round((room + foot) * sheet.scale)];
    const context = drawn.getContext('2d');
    context.fillStyle = WHITE;
    context.fillRect(0, 0, drawn.width, drawn.height);
    const high = (to - from) * sheet.scale;
    context.drawImage(sheet.canvas, 0, from * sheet.scale, drawn.width, high, 0, 0, drawn.width, high);
    const said = WORDS.foot(sheet.title, number);
    context.scale(sheet.scale, sheet.scale);
    context.font = `${SIZE}px ${window.getComputedStyle(document.body).fontFamily}`;
    context.fillStyle = GREY;
    const width = context.measureText(said).width;
    const line = { text: said, x: sheet.width - width - SIZE, y: room + foot - SIZE, width, height: SIZE, size: SIZE };
    context.fillText(said, line.x, line.y + BASELINE * SIZE);
    const place = { x: (size[0] - sheet.width * scale) / 2, y: EDGE, width: sheet.width * scale, height: (room + foot) * scale };
    const words = sheet.words.filter(({ y }) => y >= from && y < to).map((word) => ({ ...word, y: word.y - from }));
    return { width: size[0], height: size[1], picture: drawn, place, words: [...words, line].map((word) => onPage(word, place, scale)) };
  }

  const onPage = ({ text, x, y, width, height, size }, place, scale) => ({
    text, x: place.x + x * scale, y: place.y + (y + height * BASELINE) * scale, width: width * scale, size: size * scale,
  });

  /* The first tile stands below the title: it becomes smaller for that, as long as it can be read. */
  function measures({ width, boxes }) {
    const size = width < WIDE ? [SHORT, LONG] : [LONG, SHORT];
    const usual = Math.min((size[0] - 2 * EDGE) / width, LARGEST);
    const high = size[1] - 2 * EDGE - FOOT;
    const first = Math.min(...boxes.filter(({ isTile }) => isTile).map(({ bottom }) => bottom)) + BELOW;
    const fitting = Math.min(usual, high / first);
    const scale = fitting < usual * SMALLEST ? usual : fitting;
    return { size, scale, room: high / scale };
  }

  /* The pages of all tabs; each tab is opened for it. Without `tab` in the address the first one is open. */
  async function* pages() {
    let number = 0;
    const tabs = [...document.querySelectorAll('.board-tab [role=tab]')].map((tab) => tab.id.replace(/^tab-/, ''));
    for (const tab of tabs.length ? tabs : [null]) {
      await open(tab);
      if (!hasTiles()) continue;
      const sheet = await picture.sheet(WHITE);
      const given = measures(sheet);
      const places = cuts(sheet, given.room);
      for (let at = 1; at < places.length; at += 1) {
        number += 1;
        yield page(sheet, [places[at - 1], places[at]], given, number);
      }
    }
    if (!number) throw Object.assign(new Error(WORDS.nothing), { said: WORDS.nothing });
  }

  /* Opens a tab, and waits until what is on it has been asked for and answered; plots wait for themselves. */
  async function open(tab) {
    view().go({ tab, tile: null }, true);
    for (let count = 0; count < 5; count += 1) await frame();
    const end = performance.now() + PATIENCE;
    while (isWaiting() && performance.now() < end) await frame();
  }

  async function make() {
    const was = { tab: view().get('tab'), tile: view().get('tile') };
    lighten();
    try {
      return await pdf.write(picture.title(), pages());
    } finally {
      restore();
      view().go(was, true);
    }
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest('#pdf');
    if (button) picture.take(button, 'pdf', WORDS, make);
  });

  window.depictio.paper = { cuts, make, measures };
})();
