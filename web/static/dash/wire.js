/*
 * The bytes of an answer: a header in JSON, then all arrays. dash_views/wire.py writes them. Pure functions.
 */
(function () {
  'use strict';

  const ALIGNED = 8;
  const KINDS = {
    f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array,
    i2: Int16Array, u2: Uint16Array, i1: Int8Array, u1: Uint8Array,
  };

  /* The answer; its arrays look into `buffer` itself, nothing is copied. */
  function read(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    return revived(header, buffer, Math.ceil((4 + length) / ALIGNED) * ALIGNED);
  }

  function revived(node, buffer, start) {
    if (Array.isArray(node)) {
      // Names and numbers, of which there may be many, hold nothing to revive.
      return node.length && isPlain(node) ? node : node.map((one) => revived(one, buffer, start));
    }
    if (node === null || typeof node !== 'object') return node;
    if (node.$ === 'words') {
      const { words } = node;
      return Array.from(revived(node.codes, buffer, start), (code) => words[code]);
    }
    if (node.$ === 'rows') return rows(node.columns.map((column) => revived(column, buffer, start)));
    if (node.$ === 'grid') return grid(revived(node.cells, buffer, start), node.width);
    if (node.$) return new KINDS[node.$](buffer, start + node.at, node.n);
    for (const key of Object.keys(node)) node[key] = revived(node[key], buffer, start);
    return node;
  }

  const isPlain = (list) => list.every((one) => one === null || typeof one !== 'object');

  /* Columns as one list of values a point; what is not a number is missing. */
  function rows(columns) {
    const found = new Array(columns.length ? columns[0].length : 0);
    for (let row = 0; row < found.length; row += 1) {
      found[row] = columns.map((column) => (Number.isNaN(column[row]) ? null : column[row]));
    }
    return found;
  }

  /* Cells as one array for each row of a heatmap. */
  function grid(cells, width) {
    return Array.from({ length: cells.length / width }, (_, row) => cells.subarray(row * width, (row + 1) * width));
  }

  /* A new figure from a mould, which stays as it is, and the arrays that go into it. */
  function cast(node, arrays) {
    if (Array.isArray(node)) return node.map((one) => cast(one, arrays));
    if (node === null || typeof node !== 'object') return node;
    if ('#' in node) return arrays[node['#']];
    const made = {};
    for (const key of Object.keys(node)) made[key] = cast(node[key], arrays);
    return made;
  }

  /* Whether two lists of arrays hold the same. */
  function isSame(one, other) {
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
    if (!isList(one) || !isList(other) || one.length !== other.length) return false;
    for (let at = 0; at < one.length; at += 1) if (!isSame(one[at], other[at])) return false;
    return true;
  }

  const isList = (node) => Array.isArray(node) || ArrayBuffer.isView(node);

  window.depictio = Object.assign(window.depictio || {}, { wire: { cast, isSame, read } });
})();
