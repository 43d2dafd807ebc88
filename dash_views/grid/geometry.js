/*
 * Where tiles lie: pure functions over lists of {id, x, y, w, h, minW?, minH?}, counted in grid cells.
 * They decide everything except a pointer gesture, so that a layout is the same whatever drew it.
 */
(function () {
  'use strict';

  const DEFAULT_SIZE = { w: 4, h: 3 };
  // From the widest down: a grid at least `from` pixels wide shows `columns` columns.
  const BREAKPOINTS = [
    { from: 880, columns: 8 },
    { from: 700, columns: 6 },
    { from: 560, columns: 4 },
    { from: 480, columns: 2 },
    { from: 0, columns: 1 },
  ];

  const SHARE = 0.8; // Of the part of the width that a tile has: with less it would rather stand in another row.

  const clamp = (value, low, high) => Math.max(low, Math.min(value, high));
  const bottom = (tile) => tile.y + tile.h;
  const inReadingOrder = (tiles) => [...tiles].sort((a, b) => a.y - b.y || a.x - b.x);
  const sharesColumns = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w;
  const overlaps = (a, b) => sharesColumns(a, b) && a.y < bottom(b) && b.y < bottom(a);

  /* `own` are the breakpoints of a dashboard, as {width, columns}; without any the usual ones hold. */
  function columnsFor(width, columns, own) {
    const steps = own && own.length ? own.map((step) => ({ from: step.width, columns: step.columns })) : BREAKPOINTS;
    if (width >= steps[0].from && steps === BREAKPOINTS) return columns;
    const step = steps.find(({ from }) => width >= from) || steps[steps.length - 1];
    return Math.min(columns, step.columns);
  }

  /* The breakpoints that hold, as they can be changed. */
  function breakpoints(own) {
    return own && own.length ? own : BREAKPOINTS.map(({ from, columns }) => ({ width: from, columns }));
  }

  function fit(item, columns) {
    const minW = clamp(item.minW || 1, 1, columns);
    const minH = Math.max(item.minH || 1, 1);
    const w = clamp(item.w || DEFAULT_SIZE.w, minW, columns);
    const h = Math.max(item.h || DEFAULT_SIZE.h, minH);
    return { id: item.id, x: clamp(item.x || 0, 0, columns - w), y: Math.max(item.y || 0, 0), w, h, minW, minH };
  }

  /* Tiles keep their order and fall upward until they rest on another one. */
  function compact(tiles) {
    const placed = [];
    for (const tile of inReadingOrder(tiles)) {
      const resting = { ...tile };
      while (resting.y > 0 && !placed.some((other) => overlaps(other, { ...resting, y: resting.y - 1 }))) resting.y -= 1;
      placed.push(resting);
    }
    return placed;
  }

  /* `fixed` stays where it is put; what it covers is pushed down, and then everything falls upward. */
  function settle(tiles, fixed) {
    const placed = fixed ? [fixed] : [];
    for (const tile of inReadingOrder(tiles)) {
      const pushed = { ...tile };
      for (let hit; (hit = placed.find((other) => overlaps(other, pushed))); ) pushed.y = bottom(hit);
      placed.push(pushed);
    }
    return compact(placed);
  }

  function firstRoom(tile, placed, columns) {
    for (let y = 0; ; y += 1) {
      for (let x = 0; x + tile.w <= columns; x += 1) {
        const spot = { ...tile, x, y };
        if (!placed.some((other) => overlaps(other, spot))) return spot;
      }
    }
  }

  const isPlaced = (item) => Number.isInteger(item.x) && Number.isInteger(item.y);

  /* The layout at full width: placed tiles settle, the others take the first room there is. */
  function arrange(items, columns) {
    let layout = settle(items.filter(isPlaced).map((item) => fit(item, columns)));
    for (const item of items.filter((one) => !isPlaced(one))) {
      layout = compact([...layout, firstRoom(fit(item, columns), layout, columns)]);
    }
    return layout;
  }

  /* Two columns are too narrow for two charts: there only tiles of a quarter of the width stand side by side. */
  function collapsedWidth(tile, from, to) {
    const share = (tile.w * to) / from;
    const halved = share % 1 === 0.5 && Math.floor(share) >= SHARE * share; // Then its neighbour has room beside it.
    return clamp(to <= 2 ? Math.ceil(2 * share) : halved ? Math.floor(share) : Math.round(share), 1, to);
  }

  /* A narrower rendering of a full layout, in its reading order. It is shown and never stored. A row of equally high tiles
     from edge to edge stays one, or becomes several of them; others take the first room below what came before them. */
  function collapse(layout, from, to) {
    if (to === from) return layout;
    const placed = [];
    for (const band of bands(layout)) {
      const top = Math.max(0, ...placed.map(bottom));
      const within = isFullRow(band, from) ? rows(band, from, to) : [];
      if (!within.length) {
        for (const tile of band) within.push(firstRoom({ ...tile, w: collapsedWidth(tile, from, to), minW: 1 }, within, to));
      }
      placed.push(...within.map((tile) => ({ ...tile, y: tile.y + top })));
    }
    return placed;
  }

  /* The tiles in reading order, parted wherever no tile crosses. */
  function bands(layout) {
    const found = [];
    let end = 0;
    for (const tile of inReadingOrder(layout)) {
      if (!found.length || tile.y >= end) found.push([]);
      found[found.length - 1].push(tile);
      end = Math.max(end, bottom(tile));
    }
    return found;
  }

  const isFullRow = (band, columns) => band.every(({ y, h }) => y === band[0].y && h === band[0].h)
    && band.reduce((sum, { w }) => sum + w, 0) === columns;

  /* In as few rows as leave every tile about its share of the width; none when there is no such way. */
  function rows(band, from, to) {
    for (let lines = 1; lines < band.length; lines += 1) {
      const each = Math.ceil(band.length / lines);
      const parts = Array.from({ length: Math.ceil(band.length / each) }, (_, at) => band.slice(at * each, (at + 1) * each));
      const widths = parts.map((part) => filled(part, to));
      // Two columns have their own rule, see `collapsedWidth`.
      const least = (tile) => (to <= 2 ? collapsedWidth(tile, from, to) : SHARE * Math.min(to, (tile.w * to) / from));
      if (!parts.every((part, line) => part.every((tile, at) => widths[line][at] >= least(tile)))) continue;
      return parts.flatMap((part, line) => part.map((tile, at) => ({
        ...tile, w: widths[line][at], x: widths[line].slice(0, at).reduce((sum, w) => sum + w, 0), y: line * tile.h, minW: 1,
      })));
    }
    return [];
  }

  /* How wide tiles become that fill a row together: rounded down, and what is left goes to those that lost most, the
     narrower ones first. */
  function filled(part, to) {
    const whole = part.reduce((sum, { w }) => sum + w, 0);
    const shares = part.map(({ w }) => (w * to) / whole);
    const widths = shares.map(Math.floor);
    const lost = (at) => shares[at] - widths[at];
    const byLoss = part.map((_, at) => at).sort((a, b) => lost(b) - lost(a) || shares[a] - shares[b] || a - b);
    for (const at of byLoss.slice(0, to - widths.reduce((sum, w) => sum + w, 0))) widths[at] += 1;
    return widths;
  }

  /* The next resting place above or below: the top, or the lower edge of a tile in the same columns. */
  function nextRow(tile, others, step) {
    const rows = [0, ...others.filter((other) => sharesColumns(other, tile)).map(bottom)];
    const further = rows.filter((row) => (step > 0 ? row > tile.y : row < tile.y));
    if (!further.length) return tile.y;
    return step > 0 ? Math.min(...further) : Math.max(...further);
  }

  function move(layout, id, dx, dy, columns) {
    const tile = layout.find((one) => one.id === id);
    const others = compact(layout.filter((one) => one.id !== id));
    const x = clamp(tile.x + dx, 0, columns - tile.w);
    const y = dy ? nextRow(tile, others, dy) : tile.y;
    if (x === tile.x && y === tile.y) return layout;
    return settle(dy ? others : layout.filter((one) => one.id !== id), { ...tile, x, y });
  }

  function resize(layout, id, dw, dh, columns) {
    const tile = layout.find((one) => one.id === id);
    const w = clamp(tile.w + dw, tile.minW, columns - tile.x);
    const h = Math.max(tile.h + dh, tile.minH);
    return settle(layout.filter((one) => one.id !== id), { ...tile, w, h });
  }

  /*
   * Narrow grids show an order and nothing else: here a tile comes before another one, or last. It changes places with
   * its neighbours one by one, so that the full layout stays as much as it was as it can.
   */
  function reorder(layout, id, before, columns) {
    let found = layout;
    for (let steps = layout.length; steps > 0; steps -= 1) {
      const order = inReadingOrder(found).map((tile) => tile.id);
      const from = order.indexOf(id);
      const to = before === null ? order.length : order.indexOf(before);
      if (to === from + 1) return found;
      const next = to > from ? from : from - 1;
      found = trade(found, order[next], order[next + 1], columns);
    }
    const rest = layout.filter((tile) => tile.id !== id);
    const { x, y } = before === null ? { x: 0, y: Math.max(0, ...rest.map(bottom)) } : layout.find((tile) => tile.id === before);
    const tile = layout.find((one) => one.id === id);
    return settle(rest, { ...tile, x: Math.min(x, columns - tile.w), y });
  }

  /* Two tiles that follow each other change places: side by side if they stood so. */
  function trade(layout, first, second, columns) {
    const [a, b] = [first, second].map((id) => layout.find((tile) => tile.id === id));
    const rest = layout.filter((tile) => tile !== a && tile !== b);
    const later = { ...b, x: Math.min(a.x, columns - b.w), y: a.y };
    const isRow = a.y === b.y;
    const earlier = { ...a, x: isRow ? b.x + b.w - a.w : Math.min(b.x, columns - a.w), y: isRow ? a.y : Math.max(b.y, bottom(later)) };
    return settle([...rest, earlier], later);
  }

  /* Are two layouts the same, in whatever order they list their tiles? */
  function same(a, b) {
    const places = new Map(b.map((tile) => [tile.id, tile]));
    return a.length === b.length && a.every((tile) => {
      const other = places.get(tile.id);
      return other && ['x', 'y', 'w', 'h'].every((side) => tile[side] === other[side]);
    });
  }

  window.dash_views = Object.assign(window.dash_views || {}, {
    geometry: { arrange, breakpoints, collapse, columnsFor, inReadingOrder, isPlaced, move, reorder, resize, same },
  });
})();
