/*
 * A picture (PNG) of the whole board: its title, the active filters and the open tab with all its tiles, put together in
 * the browser. Plots are drawn by Plotly, everything else by canvas.js.
 */
(function () {
  'use strict';

  const { canvas, contexts, cutTables, moment, painting, tr, vector } = window.depictio;
  const SCALE = 2; // Pixels of the picture for each of the page.
  const LONGEST = 16000; // Pixels of a side, and of the whole below, that every browser's canvas has.
  const LARGEST = 120e6;
  const MARGIN = 24;
  const KEPT = 60; // Pixels below the heading of a section.
  const WAIT = 15000; // Milliseconds for plots that are still to be drawn.
  const LOOK = 100;
  // The images of a gallery are buttons, too.
  const SKIPPED = 'button:not(.images-open), .tile-tools, .tile-more, .tile-grip, .section-tools, .ui-resizable-handle, .dp-hidden, .tile-skeleton, '
    + '.ag-checkbox, .ag-body-horizontal-scroll, .ag-body-vertical-scroll, .slides-bar, .tile-table .is-cut, script, style';
  const LAYERS = '.overplot, .gl-container, .legend .layers, .cbfills, .parcats, .main-svg g[class$=layer]';
  const WORDS = {
    busy: tr('Making the picture …'), done: tr('The picture is made.'), failed: (why) => tr('The picture could not be made. {why}', { why }),
    missing: (names) => tr('A plot has not been drawn: {names}', { names }), filters: (list) => tr('Filters: {list}', { list }), none: tr('Filters: none'), nothing: tr('There is nothing on this tab yet.'), unlike: tr('The browser gave no picture.'),
  };

  let isBusy = false;

  const failure = (said) => Object.assign(new Error(said), { said });
  const main = () => document.querySelector('.board-main');
  const nameOf = (tile) => tile.getAttribute('aria-label');
  const pause = (time) => new Promise((resolve) => { window.setTimeout(resolve, time); });

  function title() {
    const input = document.querySelector('#dashboard-title');
    if (input) return input.value;
    return document.querySelector('.bar-title').textContent;
  }

  /* What stands above the tiles: title, the open tab, and the filters in the words of their line. */
  function head() {
    const tab = document.querySelector('.board-tab.is-open [role=tab]');
    const view = document.querySelector('#view-line .view-name');
    const chips = [...document.querySelectorAll('#active-filters [data-chip]')]
      .map((chip) => `${chip.querySelector('.chip-label').textContent} ${chip.querySelector('.chip-text').textContent}`);
    const subtitle = [view && view.textContent, tab && tab.textContent].filter(Boolean).join(' · ');
    return { title: title(), subtitle, filters: chips.length ? WORDS.filters(chips.join(' · ')) : WORDS.none, at: moment(new Date()) };
  }

  const unfinished = () => [...main().querySelectorAll('.tile[data-kind=figure], .tile[data-kind=map]')].filter((tile) => (
    !tile.querySelector('.tile-graph .main-svg') && !tile.querySelector('.tile-notice:not(:empty)')));

  /* Plots that nobody has seen yet are drawn when the browser has time; a picture waits for them. */
  async function finish() {
    painting.open();
    const end = performance.now() + WAIT;
    while (unfinished().length || document.body.classList.contains('is-asking')) {
      if (performance.now() > end) throw failure(WORDS.missing(unfinished().map(nameOf).join(', ')));
      await pause(LOOK);
    }
    await Promise.race([load(), pause(WAIT)]);
  }

  /* Images that nobody has scrolled to have not been asked for yet; of those that are broken their tile says why. */
  async function load() {
    const images = [...main().querySelectorAll('.tile-section img')];
    for (const image of images) image.loading = 'eager';
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
  }

  /* The layout of a plot in the colours of words and lines that the style sheet gives it on the page. */
  function inked(graph) {
    const style = window.getComputedStyle(graph);
    const line = style.getPropertyValue('--dp-line').trim();
    const layout = { ...graph.layout, font: { ...graph.layout.font, color: style.color } };
    if (graph.closest('.has-ground')) return layout;
    for (const key of Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name))) {
      layout[key] = { gridcolor: line, zerolinecolor: line, ...layout[key] };
    }
    return layout;
  }

  /* The filters of the style sheet through which the page shows layers of a plot: marks are brighter in the dark. */
  function shades(graph) {
    const rules = [...graph.querySelectorAll(LAYERS)].map((layer) => {
      const name = layer.matches('.gl-container') ? 'glimages' : [...layer.classList].join('.');
      return [name, window.getComputedStyle(layer).filter];
    });
    return [...new Map(rules)].filter(([, filter]) => filter !== 'none').map(([name, filter]) => `.${name}{filter:${filter}}`).join('');
  }

  /* The address of a drawing of the figure, with its marks in the colours that they have in the plot on the page. */
  async function image(graph, figure, { format, width, height, scale }) {
    const rules = shades(graph);
    const size = { width: Math.round(width), height: Math.round(height) };
    if (!rules) return plotly(figure, { format, ...size, scale });
    const text = await plotly(figure, { format: 'svg', ...size, imageDataOnly: true });
    const address = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text.replace(/<svg[^>]*>/, (start) => `${start}<style>${rules}</style>`))}`;
    if (format === 'svg') return address;
    const drawn = document.createElement('canvas');
    [drawn.width, drawn.height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    drawn.getContext('2d').drawImage(await canvas.load(address), 0, 0, drawn.width, drawn.height);
    return drawn.toDataURL('image/png');
  }

  /* plotly.js draws beside the page, with WebGL contexts that it does not give back. */
  async function plotly(figure, size) {
    const restore = figure.layout.map ? sharpen(size.scale || SCALE) : () => {};
    try {
      return await window.Plotly.toImage(figure, size);
    } finally {
      restore();
      contexts.sweep(true);
    }
  }

  /* MapLibre draws a map with as many pixels as the screen has, which may be fewer than a picture has. */
  function sharpen(scale) {
    const own = Object.getOwnPropertyDescriptor(window, 'devicePixelRatio');
    if (!own || !own.configurable || window.devicePixelRatio >= scale) return () => {};
    Object.defineProperty(window, 'devicePixelRatio', { configurable: true, get: () => scale });
    return () => Object.defineProperty(window, 'devicePixelRatio', own);
  }

  async function plot(graph, { width, height }, scale) {
    const layout = { ...inked(graph), paper_bgcolor: 'rgba(0,0,0,0)', width, height };
    const figure = { data: graph.data, layout, config: { staticPlot: true } };
    return canvas.load(await image(graph, figure, { format: 'png', width, height, scale }));
  }

  /* As many lines as the width needs. */
  function wrapped(context, text, width) {
    const lines = [''];
    for (const word of text.split(' ')) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (context.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  /* Draws the lines of the head, or only measures them; returns their height. `told` learns of each line that is drawn. */
  function write(context, said, width, told) {
    const style = window.getComputedStyle(document.body);
    const soft = window.getComputedStyle(document.documentElement).getPropertyValue('--dp-ink-soft');
    const parts = [[said.title, 700, 24, style.color], [said.subtitle, 600, 15, style.color], [`${said.filters} · ${said.at}`, 400, 13, soft]];
    let y = MARGIN;
    for (const [text, weight, size, color] of parts) {
      if (!text) continue;
      context.font = `${weight} ${size}px ${style.fontFamily}`;
      context.fillStyle = color;
      for (const line of wrapped(context, text, width - 2 * MARGIN)) {
        y += size * 1.35;
        if (!told) continue;
        context.fillText(line, MARGIN, y - size * 0.35);
        told(line, { x: MARGIN, y: y - size * 1.35, width: context.measureText(line).width, height: size * 1.35 }, size);
      }
      y += 4;
    }
    return y + 8;
  }

  /* The labels of a plot, which is drawn as one picture; those that lie on their side are left out. */
  function labels(graph, origin, note) {
    for (const one of graph.querySelectorAll('.main-svg text')) {
      const { left, top, width, height } = one.getBoundingClientRect();
      const text = one.textContent.trim();
      if (!text || !width || (text.length > 2 && height > width)) continue;
      note(text, { x: left - origin.left, y: top - origin.top, width, height }, parseFloat(window.getComputedStyle(one).fontSize));
    }
  }

  /* How plots are drawn; `told` learns of each. */
  const plots = (context, scale, told = () => {}) => async (element, box) => {
    if (!element.classList.contains('tile-graph') || !element.data) return false;
    context.drawImage(await plot(element, box, scale), box.x, box.y, box.width, box.height);
    told(element);
    return true;
  };

  /* Draws while the tables in there leave out what is cut, and say how many rows and columns are there. */
  async function whole(within, draw) {
    const tables = [...within.querySelectorAll('.tile-table')].filter((table) => table.querySelector('.ag-body-viewport'));
    for (const table of tables) cutTables.announce(table);
    if (tables.length) await pause(LOOK);
    for (const table of tables) cutTables.count(table);
    try {
      await draw();
    } finally {
      cutTables.restore();
    }
  }

  /* The address of a picture of one tile, as it stands there; in an SVG only a map is made of pixels. */
  async function tile(element, format) {
    const box = element.getBoundingClientRect();
    const { width, height } = box;
    const drawn = document.createElement('canvas');
    [drawn.width, drawn.height] = [Math.round(width * SCALE), Math.round(height * SCALE)];
    const context = format === 'svg' ? vector.context() : drawn.getContext('2d');
    if (format !== 'svg') context.scale(SCALE, SCALE);
    // Buttons are left out, and what they take of the heading is the title's.
    const tools = element.querySelector('.tile-tools');
    tools.style.display = 'none';
    try {
      await whole(element, () => canvas.painter(context, box, { skip: SKIPPED, own: plots(context, SCALE) })(element));
    } finally {
      tools.style.removeProperty('display');
    }
    return format === 'svg' ? context.address(width, height, nameOf(element)) : drawn.toDataURL('image/png');
  }

  const make = async () => (await sheet()).canvas;

  /* The picture, what is written on it, and the boxes of its tiles, between which it may be cut; in pixels of the page. */
  async function sheet(ground = window.getComputedStyle(document.body).backgroundColor) {
    const board = main().getBoundingClientRect();
    const tiles = [...main().querySelectorAll('.tile-section [data-tile]')].map((one) => one.getBoundingClientRect());
    if (!tiles.length) throw failure(WORDS.nothing);
    await finish();
    const said = head();
    const drawn = document.createElement('canvas');
    const context = drawn.getContext('2d');
    const words = [];
    const note = (text, box, size) => words.push({ text, ...box, size });
    const width = board.width + 2 * MARGIN;
    const top = write(context, said, width);
    const height = top + Math.max(...tiles.map(({ bottom }) => bottom)) - board.top + MARGIN;
    const scale = Math.min(SCALE, LONGEST / width, LONGEST / height, Math.sqrt(LARGEST / (width * height)));
    [drawn.width, drawn.height] = [Math.round(width * scale), Math.round(height * scale)];
    context.scale(scale, scale);
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    write(context, said, width, note);
    // Looked at now: to wait for plots may have moved the page.
    const place = main().getBoundingClientRect();
    const origin = { left: place.left - MARGIN, top: place.top - top };
    const boxes = [...main().querySelectorAll('.tile-section [data-tile], .section-head')].map((one) => {
      const { top: upper, bottom } = one.getBoundingClientRect();
      // A heading is not torn from the tiles below it.
      const isTile = !one.matches('.section-head');
      return { top: upper - origin.top, bottom: bottom - origin.top + (isTile ? 0 : KEPT), isTile };
    });
    const paint = canvas.painter(context, origin, {
      skip: SKIPPED,
      said: note,
      own: plots(context, scale, (element) => labels(element, origin, note)),
    });
    await whole(main(), () => paint(main()));
    return { canvas: drawn, width, height, scale, words, boxes, title: said.title };
  }

  const blobOf = (drawn) => new Promise((resolve, reject) => {
    drawn.toBlob((blob) => (blob ? resolve(blob) : reject(failure(WORDS.unlike))), 'image/png');
  });

  function save(blob, end) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${title().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'dashboard'}.${end}`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), WAIT);
  }

  const tell = (level, text) => document.dispatchEvent(new CustomEvent('depictio:notice', { detail: { level, text } }));

  /* Makes one file at a time, and says how it went. */
  async function take(button, end, said, made) {
    if (isBusy) return;
    isBusy = true;
    button.setAttribute('aria-busy', 'true');
    tell('done', said.busy);
    try {
      save(await made(), end);
      window.depictio.say('');
      tell('done', said.done);
    } catch (error) {
      window.depictio.say(said.failed(error.said || error.message));
    } finally {
      isBusy = false;
      button.removeAttribute('aria-busy');
    }
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest('#picture');
    if (button) take(button, 'png', WORDS, async () => blobOf(await make()));
  });

  window.depictio.picture = { finish, image, inked, make, sheet, take, tile, title };
})();
