/*
 * Writes PDF files: pages that are pictures, with the words on them as text below, which is not seen but can be searched
 * for, marked and copied. Pictures are kept as they are, without loss (ISO 32000-1, filter FlateDecode).
 */
(function () {
  'use strict';

  const ASCII = new TextEncoder();
  const RGB = 3;
  const RGBA = 4;
  const KNOWN = /[^\x20-\x7e\xa0-\xff]/g; // What Latin text has, in the encoding of Helvetica.
  const LIKE = { '\u2013': '-', '\u2014': '-', '\u2212': '-', '\u2018': "'", '\u2019': "'", '\u201c': '"', '\u201d': '"', '\u2026': '...', '\u202f': ' ' };

  const number = (value) => String(Math.round(value * 1000) / 1000);
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

  /* As UTF-16, which holds every script. */
  function name(text) {
    return `<feff${text.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0')).join('')}>`;
  }

  /* As single bytes; empty when the text is in a script that Helvetica lacks. */
  function latin(text) {
    const plain = text.replace(/[\u2013\u2014\u2212\u2018\u2019\u201c\u201d\u2026\u202f]/g, (one) => LIKE[one]);
    return plain.replace(KNOWN, '').length === plain.length ? plain : '';
  }

  async function deflated(bytes) {
    const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  }

  /* The colours of a canvas without its alpha: pages are opaque. */
  function colours(canvas) {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array((data.length / RGBA) * RGB);
    for (let from = 0, to = 0; from < data.length; from += RGBA, to += RGB) {
      bytes[to] = data[from];
      bytes[to + 1] = data[from + 1];
      bytes[to + 2] = data[from + 2];
    }
    return bytes;
  }

  /* A file of objects, each with its number; the table at its end says where each begins. */
  class File {
    constructor() {
      this.parts = [];
      this.length = 0;
      this.begins = new Map();
      this.count = 0;
      this.put('%PDF-1.7\n');
      this.bytes(new Uint8Array([0x25, 0xe2, 0xe3, 0xcf, 0xd3, 0x0a])); // Says that it is no text.
    }

    bytes(given) {
      this.parts.push(given);
      this.length += given.length;
    }

    put(text) {
      this.bytes(ASCII.encode(text));
    }

    next() {
      this.count += 1;
      return this.count;
    }

    object(id, body) {
      this.begins.set(id, this.length);
      this.put(`${id} 0 obj\n${body}\nendobj\n`);
    }

    stream(id, keys, content) {
      this.begins.set(id, this.length);
      this.put(`${id} 0 obj\n<< ${keys} /Filter /FlateDecode /Length ${content.length} >>\nstream\n`);
      this.bytes(content);
      this.put('\nendstream\nendobj\n');
    }

    end(root, info) {
      const at = this.length;
      const lines = [...this.begins].sort(([one], [other]) => one - other).map(([, begin]) => `${String(begin).padStart(10, '0')} 00000 n \n`);
      this.put(`xref\n0 ${this.count + 1}\n0000000000 65535 f \n${lines.join('')}`);
      this.put(`trailer\n<< /Size ${this.count + 1} /Root ${root} 0 R /Info ${info} 0 R >>\nstartxref\n${at}\n%%EOF\n`);
      return new Blob(this.parts, { type: 'application/pdf' });
    }
  }

  /* The words, each as wide as it is on the picture; mode 3 draws nothing. */
  function text(page, measure) {
    const lines = page.words.flatMap(({ text: said, x, y, width, size }) => {
      const plain = latin(said);
      const usual = plain && measure(plain, size);
      if (!usual || !width) return [];
      const bytes = hex(Uint8Array.from(plain, (one) => one.charCodeAt(0)));
      return [`/F ${number(size)} Tf ${number((100 * width) / usual)} Tz 1 0 0 1 ${number(x)} ${number(page.height - y)} Tm <${bytes}> Tj`];
    });
    return lines.length ? `BT 3 Tr\n${lines.join('\n')}\nET\n` : '';
  }

  function measurer() {
    const context = document.createElement('canvas').getContext('2d');
    return (said, size) => {
      context.font = `${size}px Helvetica, Arial, sans-serif`;
      return context.measureText(said).width;
    };
  }

  /*
   * `pages` have a width and a height in points, a `picture` (a canvas) with its `place` {x, y, width, height}, and
   * `words` {text, x, y, width, size}, y being their baseline; all counted from the upper left corner. Each page is
   * asked for when its turn comes, so that one picture at a time is in memory.
   */
  async function write(title, pages) {
    const file = new File();
    const measure = measurer();
    const [root, info, tree, font] = [file.next(), file.next(), file.next(), file.next()];
    const kids = [];
    for await (const page of pages) {
      const [id, content, picture] = [file.next(), file.next(), file.next()];
      const { x, y, width, height } = page.place;
      const drawn = `q ${number(width)} 0 0 ${number(height)} ${number(x)} ${number(page.height - y - height)} cm /P Do Q\n`;
      file.object(id, `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${number(page.width)} ${number(page.height)}] `
        + `/Resources << /Font << /F ${font} 0 R >> /XObject << /P ${picture} 0 R >> >> /Contents ${content} 0 R >>`);
      file.stream(content, '', await deflated(ASCII.encode(drawn + text(page, measure))));
      file.stream(picture, `/Type /XObject /Subtype /Image /Width ${page.picture.width} /Height ${page.picture.height} `
        + '/ColorSpace /DeviceRGB /BitsPerComponent 8', await deflated(colours(page.picture)));
      kids.push(`${id} 0 R`);
    }
    file.object(root, `<< /Type /Catalog /Pages ${tree} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>`);
    file.object(info, `<< /Title ${name(title)} /Producer (Depictio) >>`);
    file.object(tree, `<< /Type /Pages /Count ${kids.length} /Kids [${kids.join(' ')}] >>`);
    file.object(font, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
    return file.end(root, info);
  }

  window.depictio = Object.assign(window.depictio || {}, { pdf: { write } });
})();
