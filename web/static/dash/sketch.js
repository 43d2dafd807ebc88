/*
 * A scatter that plotly.js has drawn, with other points and another density below them, without it: put as pixels on a
 * canvas in the place of its own, which takes a tenth of the time, and no WebGL. The axes stay as they are. As marks.js does
 * for bars and lines, it serves the frames while a slider moves; drawing.js has plotly.js draw the plot when that rests.
 *
 *   move(element, figure)   whether that went; if not, nothing has changed and the plot is to be drawn
 *   clear(element)          plotly.js has drawn the plot: what is there may be seen again
 */
(function () {
  'use strict';

  const { marks } = window.depictio;
  const SCALES = new Set(['linear', 'log']);
  const MOST = 20000; // Points; WebGL is made for more.
  const FINEST = 2; // Pixels of the canvas to one of the page at most, in each direction.
  const PARTS = 4; // Parts of a pixel in which a point can lie, in each direction.
  const OPAQUE = 255;

  const sheets = new WeakMap(); // element → the canvases over its plot
  const stamps = new Map(); // radius → what a point of it covers
  const inks = new Map(); // colour → its red, green, blue and opacity

  function move(element, { data }) {
    const drawn = drawnOf(element);
    if (!drawn || isSelected(element) || data.length !== drawn.kinds.length) return false;
    if (data.reduce((count, { x }) => count + (x ? x.length : 0), 0) > MOST) return false;
    if (!data.every((trace, at) => kindOf(trace) === drawn.kinds[at] && trace.name === element.data[at].name)) return false;
    if (!['x', 'y'].every((side) => marks.suits(drawn[side], drawn.extents[side], extent(drawn[side], side, data)))) return false;
    const sheet = sheetOf(element, drawn);
    sheet.clear();
    data.forEach((trace, at) => {
      if (element._fullData[at].visible !== true) return;
      if (drawn.kinds[at] === 'density') density(sheet, drawn, trace);
      else points(sheet, drawn, trace);
    });
    sheet.show();
    return true;
  }

  function clear(element) {
    const sheet = sheets.get(element);
    if (sheet) sheet.hide();
  }

  // -- what can be drawn here

  const drawnOf = marks.lasting(found);

  function found({ data, _fullData: full }, { xaxis: x, yaxis: y, _subplots: subplots }) {
    if (!x || !y || subplots.cartesian.length !== 1 || full.length !== data.length) return null;
    const kinds = data.map(kindOf);
    if (!kinds.includes('points') || kinds.includes(null)) return null;
    const isPlaced = ({ type }) => (kinds.includes('density') ? type === 'linear' : SCALES.has(type));
    if (![x, y].every(isPlaced)) return null;
    return { x, y, kinds, extents: { x: extent(x, 'x', data), y: extent(y, 'y', data) } };
  }

  /* `density` or `points`; null for what only plotly.js can draw. */
  function kindOf(trace) {
    if (trace.type === 'heatmap') return !trace.x && !trace.y && ArrayBuffer.isView(trace.z[0]) ? 'density' : null;
    const { type, mode, x, y, marker = {}, text, error_x: across, error_y: along, xaxis, yaxis, opacity } = trace;
    const isPlain = ['scatter', 'scattergl'].includes(type) && mode === 'markers' && ![text, across, along, xaxis, yaxis, opacity].some(Boolean);
    const isEven = typeof marker.color === 'string' && typeof marker.size === 'number' && !marker.symbol && !marker.line;
    return isPlain && isEven && ArrayBuffer.isView(x) && ArrayBuffer.isView(y) ? 'points' : null;
  }

  /* What the reader has picked of the plot stands out among the rest, which plotly.js draws paler. */
  function isSelected({ _fullData: full, _fullLayout: { selections } }) {
    return (selections && selections.length > 0) || full.some(({ selectedpoints }) => selectedpoints);
  }

  /* From where to where traces reach along an axis, on its own scale. */
  function extent(axis, side, data) {
    let [low, high] = [Infinity, -Infinity];
    const take = (value) => {
      const place = axis.c2l(value);
      if (place < low) low = place;
      if (place > high) high = place;
    };
    for (const trace of data) {
      if (trace.type === 'heatmap') {
        const { first, step, count } = cells(trace, side);
        take(first - step / 2);
        take(first + (count - 0.5) * step);
      } else for (const value of trace[side]) if (axis.type === 'linear' || value > 0) take(value);
    }
    return [low, high];
  }

  /* The middle of the first cell of a density, the width of each, and how many there are. */
  const cells = (trace, side) => ({
    first: trace[`${side}0`], step: trace[`d${side}`], count: side === 'x' ? trace.z[0].length : trace.z.length,
  });

  // -- the canvases: one for the density, one for the points, as dark pages show them in other ways

  function sheetOf(element, { x, y }) {
    const host = element.querySelector('.svg-container');
    const before = sheets.get(element);
    const sheet = before && before.host === host ? before : made(element, host);
    const fineness = Math.min(window.devicePixelRatio || 1, FINEST);
    const [left, top] = [Math.floor(x._offset), Math.floor(y._offset)];
    const [width, height] = [Math.ceil(x._offset + x._length) - left, Math.ceil(y._offset + y._length) - top];
    sheet.fit({ left, top, width, height, fineness });
    // From the pixels of a plot to those of the canvas.
    sheet.across = (place) => (x._offset - left + place) * fineness;
    sheet.down = (place) => (y._offset - top + place) * fineness;
    return sheet;
  }

  function made(element, host) {
    const box = document.createElement('div');
    box.className = 'sketch';
    const [below, above] = ['sketch-density', 'sketch-points'].map((className) => {
      const canvas = box.appendChild(document.createElement('canvas'));
      canvas.className = className;
      return canvas;
    });
    host.querySelector('.main-svg').after(box);
    const sheet = {
      host, fineness: 1, density: below.getContext('2d'), points: above.getContext('2d'), image: null,
      small: document.createElement('canvas'),
      fit({ left, top, width, height, fineness }) {
        const place = { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
        Object.assign(box.style, place);
        sheet.fineness = fineness;
        const [wide, high] = [Math.round(width * fineness), Math.round(height * fineness)];
        if (sheet.image && above.width === wide && above.height === high) return;
        for (const canvas of [below, above]) Object.assign(canvas, { width: wide, height: high });
        sheet.image = sheet.points.createImageData(wide, high);
      },
      clear() {
        sheet.density.resetTransform();
        sheet.density.clearRect(0, 0, below.width, below.height);
        sheet.image.data.fill(0);
      },
      show() {
        sheet.points.putImageData(sheet.image, 0, 0);
        box.hidden = false;
        host.classList.add('is-sketched');
      },
      hide() {
        box.hidden = true;
        host.classList.remove('is-sketched');
      },
    };
    sheets.set(element, sheet);
    return sheet;
  }

  // -- the density: its cells as pixels of a small picture, which is stretched

  function density(sheet, { x, y }, trace) {
    const { count: wide, ...across } = cells(trace, 'x');
    const { count: high, ...down } = cells(trace, 'y');
    const { small } = sheet;
    if (small.width !== wide || small.height !== high) Object.assign(small, { width: wide, height: high });
    const context = small.getContext('2d');
    const image = context.createImageData(wide, high);
    const colours = coloursOf(trace);
    const pixels = new Uint32Array(image.data.buffer);
    trace.z.forEach((row, at) => {
      const start = (high - 1 - at) * wide; // The first row is the lowest.
      for (let column = 0; column < wide; column += 1) pixels[start + column] = colours[row[column]];
    });
    context.putImageData(image, 0, 0);
    const left = sheet.across(x.c2p(across.first - across.step / 2));
    const right = sheet.across(x.c2p(across.first + (wide - 0.5) * across.step));
    const top = sheet.down(y.c2p(down.first + (high - 0.5) * down.step));
    const bottom = sheet.down(y.c2p(down.first - down.step / 2));
    sheet.density.imageSmoothingEnabled = false;
    sheet.density.setTransform((right - left) / wide, 0, 0, (bottom - top) / high, left, top); // An axis may be reversed.
    sheet.density.drawImage(small, 0, 0);
  }

  /* The colour of each level of a density, as a pixel has it. */
  function coloursOf({ colorscale, zmin, zmax }) {
    const stops = colorscale.map(([at, colour]) => [zmin + at * (zmax - zmin), inkOf(colour)]);
    const colours = new Uint8ClampedArray(4 * (zmax + 1));
    for (let level = zmin; level <= zmax; level += 1) {
      const next = Math.max(1, stops.findIndex(([at]) => at >= level));
      const [[low, from], [high, to]] = [stops[next - 1], stops[next]];
      const share = (level - low) / (high - low);
      colours.set(from.map((part, at) => (part + share * (to[at] - part)) * (at === 3 ? OPAQUE : 1)), 4 * level);
    }
    return new Uint32Array(colours.buffer);
  }

  // -- the points

  function points({ image, fineness, across, down }, { x, y }, { x: xs, y: ys, marker }) {
    const [red, green, blue, alpha] = inkOf(marker.color);
    const opacity = alpha * (marker.opacity ?? 1);
    const { parts, reach } = stampOf((marker.size / 2) * fineness);
    const { data: pixels, width, height } = image;
    const side = 2 * reach + 1;
    for (let at = 0; at < xs.length; at += 1) {
      const [right, below] = [across(x.c2p(xs[at])), down(y.c2p(ys[at]))];
      const [column, row] = [Math.floor(right), Math.floor(below)];
      // What lies outside, or nowhere.
      if (!(column >= -reach && column < width + reach && row >= -reach && row < height + reach)) continue;
      const part = parts[Math.floor((below - row) * PARTS) * PARTS + Math.floor((right - column) * PARTS)];
      const [from, to] = [Math.max(0, reach - column), Math.min(side, width - column + reach)];
      for (let line = Math.max(0, reach - row); line < Math.min(side, height - row + reach); line += 1) {
        let pixel = 4 * ((row - reach + line) * width + column - reach + from);
        for (let place = from; place < to; place += 1, pixel += 4) {
          const cover = part[line * side + place] * opacity;
          if (cover === 0) continue;
          const under = pixels[pixel + 3] / OPAQUE;
          const over = cover + under * (1 - cover);
          const share = cover / over;
          pixels[pixel] += (red - pixels[pixel]) * share;
          pixels[pixel + 1] += (green - pixels[pixel + 1]) * share;
          pixels[pixel + 2] += (blue - pixels[pixel + 2]) * share;
          pixels[pixel + 3] = over * OPAQUE;
        }
      }
    }
  }

  /* How much of each pixel a point covers that lies in this or that part of the pixel in the middle. */
  function stampOf(radius) {
    if (!stamps.has(radius)) stamps.set(radius, stamped(radius));
    return stamps.get(radius);
  }

  function stamped(radius) {
    const reach = Math.ceil(radius + 0.5);
    const side = 2 * reach + 1;
    const parts = Array.from({ length: PARTS * PARTS }, (_, part) => {
      const [right, below] = [part % PARTS, Math.floor(part / PARTS)].map((at) => reach + (at + 0.5) / PARTS);
      return Float32Array.from({ length: side * side }, (__, pixel) => {
        const away = Math.hypot((pixel % side) + 0.5 - right, Math.floor(pixel / side) + 0.5 - below);
        return Math.max(0, Math.min(1, radius + 0.5 - away));
      });
    });
    return { parts, reach };
  }

  /* Whatever way a colour is written in, a canvas says it in one of two. */
  function inkOf(colour) {
    if (!inks.has(colour)) {
      const context = document.createElement('canvas').getContext('2d');
      context.fillStyle = colour;
      const hex = /^#(..)(..)(..)$/.exec(context.fillStyle);
      const ink = hex ? [...hex.slice(1).map((part) => parseInt(part, 16)), 1] : context.fillStyle.match(/[\d.]+/g).map(Number);
      inks.set(colour, ink);
    }
    return inks.get(colour);
  }

  window.depictio = Object.assign(window.depictio || {}, { sketch: { clear, move } });
})();
