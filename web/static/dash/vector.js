/*
 * What canvas.js draws on, for a drawing that stays sharp (SVG) instead of pixels: the part of a canvas's context that it
 * uses. Pictures and plots become images within the drawing.
 */
(function () {
  'use strict';

  const SPACE = 'http://www.w3.org/2000/svg';
  const PIXELS = 2; // Of an embedded canvas, for each of the drawing.

  const escaped = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
  const tag = (name, attributes, inner = '') => {
    const given = Object.entries(attributes).filter(([key, value]) => value !== '' && !(key.endsWith('opacity') && value === 1)).map(([key, value]) => ` ${key}="${escaped(value)}"`);
    return `<${name}${given.join('')}>${inner}</${name}>`;
  };

  /* The address of what an image shows: its own when that holds all of it. */
  function content(image, width, height) {
    if (image.src && image.src.startsWith('data:')) return image.src;
    const drawn = document.createElement('canvas');
    [drawn.width, drawn.height] = [Math.max(1, Math.round(width * PIXELS)), Math.max(1, Math.round(height * PIXELS))];
    drawn.getContext('2d').drawImage(image, 0, 0, drawn.width, drawn.height);
    return drawn.toDataURL('image/png');
  }

  function context() {
    const ruler = document.createElement('canvas').getContext('2d');
    const parts = [];
    const kept = [];
    let clips = 0;
    let box = {}; // the path: canvas.js has no other
    const state = { globalAlpha: 1, fillStyle: '', strokeStyle: '', lineWidth: 1, font: '', groups: 0 };
    return Object.assign(state, {
      save: () => kept.push({ ...state, groups: state.groups }),
      restore() {
        const before = kept.pop();
        while (state.groups > before.groups) {
          parts.push('</g>');
          state.groups -= 1;
        }
        Object.assign(state, before);
      },
      beginPath() { box = {}; },
      roundRect(x, y, width, height, rx) { box = { x, y, width: Math.max(0, width), height: Math.max(0, height), ...(rx && { rx }) }; },
      clip() {
        clips += 1;
        parts.push(tag('clipPath', { id: `clip-${clips}` }, tag('rect', box)), `<g clip-path="url(#clip-${clips})">`);
        state.groups += 1;
      },
      fill: () => parts.push(tag('rect', { ...box, fill: state.fillStyle, 'fill-opacity': state.globalAlpha })),
      stroke: () => parts.push(tag('rect', { ...box, fill: 'none', stroke: state.strokeStyle, 'stroke-width': `${state.lineWidth}`, 'stroke-opacity': state.globalAlpha })),
      fillRect: (x, y, width, height) => parts.push(tag('rect', { x, y, width, height, fill: state.fillStyle, 'fill-opacity': state.globalAlpha })),
      fillText: (text, x, y) => parts.push(tag('text', { x, y, style: `font: ${state.font}`, fill: state.fillStyle, 'fill-opacity': state.globalAlpha }, escaped(text))),
      measureText(text) {
        ruler.font = state.font;
        return ruler.measureText(text);
      },
      drawImage: (image, x, y, width, height) => parts.push(tag('image', {
        x, y, width: `${width}`, height: `${height}`, preserveAspectRatio: 'none', href: content(image, width, height), opacity: state.globalAlpha,
      })),
      address(width, height, title) {
        const inner = `<title>${escaped(title)}</title>${parts.join('')}`;
        const text = tag('svg', { xmlns: SPACE, width: `${width}`, height: `${height}`, viewBox: `0 0 ${width} ${height}` }, inner);
        return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      },
    });
  }

  window.depictio = Object.assign(window.depictio || {}, { vector: { context } });
})();
