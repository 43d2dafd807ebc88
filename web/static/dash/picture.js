/*
 * A picture (PNG) of the whole board: its title, the active filters and the open tab with all its tiles, put together in
 * the browser. Plots are drawn by Plotly, everything else by canvas.js.
 */
(function () {
  'use strict';

  const { canvas, painting } = window.depictio;
  const SCALE = 2; // Pixels of the picture for each of the page.
  const LONGEST = 16000; // Pixels of a side, and of the whole below, that every browser's canvas has.
  const LARGEST = 120e6;
  const MARGIN = 24;
  const WAIT = 15000; // Milliseconds for plots that are still to be drawn.
  const LOOK = 100;
  const SKIPPED = 'button, .tile-tools, .tile-more, .tile-grip, .section-tools, .ui-resizable-handle, .dp-hidden, .tile-skeleton, '
    + '.ag-checkbox, .ag-body-horizontal-scroll, .ag-body-vertical-scroll, .slides-bar, script, style';
  const WORDS = {
    busy: 'Making the picture …', done: 'The picture is made.', failed: (why) => `The picture could not be made. ${why}`,
    missing: 'A plot has not been drawn: ', filters: 'Filters: ', none: 'none', nothing: 'There is nothing on this tab yet.', unlike: 'The browser gave no picture.',
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
    return { title: title(), subtitle, filters: WORDS.filters + (chips.join(' · ') || WORDS.none), at: new Date().toLocaleString() };
  }

  const unfinished = () => [...main().querySelectorAll('.tile[data-kind=figure], .tile[data-kind=map]')].filter((tile) => (
    !tile.querySelector('.tile-graph .main-svg') && !tile.querySelector('.tile-notice:not(:empty)')));

  /* Plots that nobody has seen yet are drawn when the browser has time; a picture waits for them. */
  async function finish() {
    painting.open();
    const end = performance.now() + WAIT;
    while (unfinished().length || document.body.classList.contains('is-asking')) {
      if (performance.now() > end) throw failure(WORDS.missing + unfinished().map(nameOf).join(', '));
      await pause(LOOK);
    }
  }

  async function plot(graph, { width, height }, scale) {
    const layout = { ...graph.layout, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', width, height };
    const figure = { data: graph.data, layout, config: { staticPlot: true } };
    return canvas.load(await window.Plotly.toImage(figure, { format: 'png', width: Math.round(width), height: Math.round(height), scale }));
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

  /* Draws the lines of the head, or only measures them; returns their height. */
  function write(context, said, width, isDrawn) {
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
        if (isDrawn) context.fillText(line, MARGIN, y - size * 0.35);
      }
      y += 4;
    }
    return y + 8;
  }

  async function make() {
    const board = main().getBoundingClientRect();
    const tiles = [...main().querySelectorAll('.tile-section [data-tile]')].map((one) => one.getBoundingClientRect());
    if (!tiles.length) throw failure(WORDS.nothing);
    await finish();
    const said = head();
    const sheet = document.createElement('canvas');
    const context = sheet.getContext('2d');
    const width = board.width + 2 * MARGIN;
    const top = write(context, said, width, false);
    const height = top + Math.max(...tiles.map(({ bottom }) => bottom)) - board.top + MARGIN;
    const scale = Math.min(SCALE, LONGEST / width, LONGEST / height, Math.sqrt(LARGEST / (width * height)));
    [sheet.width, sheet.height] = [Math.round(width * scale), Math.round(height * scale)];
    context.scale(scale, scale);
    context.fillStyle = window.getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, width, height);
    write(context, said, width, true);
    // Looked at now: to wait for plots may have moved the page.
    const place = main().getBoundingClientRect();
    const paint = canvas.painter(context, { left: place.left - MARGIN, top: place.top - top }, {
      skip: SKIPPED,
      async own(element, box) {
        if (!element.classList.contains('tile-graph') || !element.data) return false;
        context.drawImage(await plot(element, box, scale), box.x, box.y, box.width, box.height);
        return true;
      },
    });
    await paint(main());
    return sheet;
  }

  const blobOf = (sheet) => new Promise((resolve, reject) => {
    sheet.toBlob((blob) => (blob ? resolve(blob) : reject(failure(WORDS.unlike))), 'image/png');
  });

  function save(blob) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${title().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'dashboard'}.png`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), WAIT);
  }

  const tell = (level, text) => document.dispatchEvent(new CustomEvent('depictio:notice', { detail: { level, text } }));

  async function take(button) {
    if (isBusy) return;
    isBusy = true;
    button.setAttribute('aria-busy', 'true');
    tell('done', WORDS.busy);
    try {
      save(await blobOf(await make()));
      window.depictio.say('');
      tell('done', WORDS.done);
    } catch (error) {
      window.depictio.say(WORDS.failed(error.said || error.message));
    } finally {
      isBusy = false;
      button.removeAttribute('aria-busy');
    }
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest('#picture');
    if (button) take(button);
  });

  window.depictio.picture = { make };
})();
