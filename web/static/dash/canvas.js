/*
 * Draws a part of the page on a canvas, as it stands there: grounds, borders, bars of tables, words, inline drawings,
 * pictures and canvases. What a page can look like beyond that (shadows, gradients, turned boxes) no board needs on
 * paper.
 */
(function () {
  'use strict';

  const SHOWN = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'stroke-opacity',
    'opacity', 'color', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'display', 'visibility'];
  const CLEAR = 'rgba(0, 0, 0, 0)';

  /* The bar behind a number of a table, as cells.js writes it. */
  const BAR = /^linear-gradient\(90deg, (.+) ([\d.]+)%, (?:rgba\(0, 0, 0, 0\)|transparent) [\d.]+%\)$/;

  /* A mixed colour in a form that every reader of SVG knows. */
  function plain(color) {
    const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(color);
    if (!mixed) return { color, alpha: 1 };
    const parts = mixed.slice(1, 4).map((part) => Math.round(Number(part) * 255));
    return { color: `rgb(${parts.join(', ')})`, alpha: mixed[4] === undefined ? 1 : Number(mixed[4]) };
  }

  /*
   * `skip` is a selector of what is left out; `own` draws an element in its own way, or says by false that it has none.
   * `said` is told of each piece of text, where it stands, and how large it is.
   */
  function painter(context, origin, { skip, own, said = () => {} }) {
    const at = ({ left, top, width, height }) => ({ x: left - origin.left, y: top - origin.top, width, height });

    async function paint(element) {
      if (element.matches(skip)) return;
      const style = window.getComputedStyle(element);
      if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return;
      const box = at(element.getBoundingClientRect());
      const isContents = style.display === 'contents';
      if (!isContents && (!box.width || !box.height) && style.overflow !== 'visible') return;
      context.save();
      context.globalAlpha *= Number(style.opacity);
      if (!isContents) ground(box, style);
      if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
        shape(box, corner(style));
        context.clip();
      }
      if (!(await own(element, box)) && !(await picture(element, box))) await inside(element, style);
      context.restore();
    }

    async function inside(element, style) {
      if (style.display === 'list-item') bullet(element, style);
      if (isCut(element, style) && !element.querySelector('svg, canvas')) {
        cut(element, style);
        return;
      }
      for (const child of element.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) words(child, style);
        else if (child.nodeType === Node.ELEMENT_NODE) await paint(child);
      }
    }

    const corner = (style) => Math.max(0, parseFloat(style.borderTopLeftRadius) || 0);

    function shape({ x, y, width, height }, radius) {
      context.beginPath();
      context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
    }

    function ground(box, style) {
      if (style.backgroundColor !== CLEAR) {
        const { color, alpha } = plain(style.backgroundColor);
        context.save();
        context.globalAlpha *= alpha;
        shape(box, corner(style));
        context.fillStyle = color;
        context.fill();
        context.restore();
      }
      const bar = BAR.exec(style.backgroundImage);
      if (bar) {
        const { color, alpha } = plain(bar[1]);
        context.save();
        context.globalAlpha *= alpha;
        context.fillStyle = color;
        context.fillRect(box.x, box.y, (box.width * parseFloat(bar[2])) / 100, box.height);
        context.restore();
      }
      const sides = ['Top', 'Right', 'Bottom', 'Left'].map((side) => ({
        width: style[`border${side}Style`] === 'none' ? 0 : parseFloat(style[`border${side}Width`]), color: style[`border${side}Color`],
      }));
      if (sides.every(({ width, color }) => width && width === sides[0].width && color === sides[0].color)) {
        const half = sides[0].width / 2;
        shape({ x: box.x + half, y: box.y + half, width: box.width - 2 * half, height: box.height - 2 * half }, corner(style));
        context.lineWidth = sides[0].width;
        context.strokeStyle = sides[0].color;
        context.stroke();
        return;
      }
      const { x, y, width, height } = box;
      const [top, right, bottom, left] = sides;
      const lines = [[top, x, y, width, top.width], [right, x + width - right.width, y, right.width, height],
        [bottom, x, y + height - bottom.width, width, bottom.width], [left, x, y, left.width, height]];
      for (const [side, ...line] of lines) {
        if (!side.width || side.color === CLEAR) continue;
        context.fillStyle = side.color;
        context.fillRect(...line);
      }
    }

    function pen(style) {
      context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      context.fillStyle = style.color;
      context.textBaseline = 'alphabetic';
    }

    /* The baseline of a line of text in a box of this height. */
    function baseline(text, y, height) {
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(text);
      return y + (height - up - down) / 2 + up;
    }

    const isCut = (element, style) => style.textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth;

    /* One line that ends with three dots, as the page has it. */
    function cut(element, style) {
      const range = document.createRange();
      range.selectNodeContents(element);
      const line = range.getClientRects()[0];
      if (!line) return;
      const { x, y, height } = at(line);
      const room = element.getBoundingClientRect().right - line.left;
      let text = element.textContent;
      pen(style);
      while (text && context.measureText(`${text}\u2026`).width > room) text = text.slice(0, -1);
      context.fillText(`${text.trimEnd()}\u2026`, x, baseline(text, y, height));
      said(element.textContent.trim(), { x, y, width: room, height }, parseFloat(style.fontSize));
    }

    /* The point or the number before an entry of a list. */
    function bullet(element, style) {
      const range = document.createRange();
      range.selectNodeContents(element);
      const line = range.getClientRects()[0];
      if (!line || style.listStyleType === 'none') return;
      const { x, y, height } = at(line);
      const text = style.listStyleType === 'decimal' ? `${[...element.parentElement.children].indexOf(element) + 1}.` : '\u2022';
      pen(style);
      context.fillText(text, x - context.measureText(`${text} `).width - 4, baseline(text, y, height));
    }

    /* Word by word, each where the page has it: lines break where they break there. */
    function words(node, style) {
      const range = document.createRange();
      pen(style);
      for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const [rect] = range.getClientRects();
        if (!rect) continue;
        const { x, y, width, height } = at(rect);
        const text = style.textTransform === 'uppercase' ? word.toUpperCase() : word;
        context.fillText(text, x, baseline(word, y, height));
        said(text, { x, y, width, height }, parseFloat(style.fontSize));
      }
    }

    async function picture(element, box) {
      if (element instanceof SVGSVGElement) {
        // What is drawn from the sheet of icons belongs to buttons and headings.
        if (!element.querySelector('use')) context.drawImage(await drawing(element, box), box.x, box.y, box.width, box.height);
        return true;
      }
      if (element instanceof HTMLCanvasElement || (element instanceof HTMLImageElement && element.naturalWidth)) {
        context.drawImage(element, box.x, box.y, box.width, box.height);
        return true;
      }
      return element instanceof SVGElement;
    }

    return paint;
  }

  /* An inline drawing by itself, with the looks that the style sheets give it. */
  async function drawing(svg, { width, height }) {
    const copy = svg.cloneNode(true);
    const both = [[svg, copy], ...[...svg.querySelectorAll('*')].map((one, index) => [one, copy.querySelectorAll('*')[index]])];
    for (const [from, to] of both) {
      const style = window.getComputedStyle(from);
      for (const name of SHOWN) to.style.setProperty(name, style.getPropertyValue(name));
    }
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('width', width);
    copy.setAttribute('height', height);
    return load(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`);
  }

  async function load(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  }

  window.depictio = Object.assign(window.depictio || {}, { canvas: { load, painter } });
})();
