/*
 * One image of a gallery on the whole window. Arrow keys go to its neighbours, Space selects it, Escape closes; the focus
 * goes back to where it was.
 */
(function () {
  'use strict';

  const { grouped, tr } = window.depictio;
  const WORDS = {
    before: tr('Previous image'), next: tr('Next image'), leave: tr('Close'), select: tr('Select'), selected: tr('Selected'),
    count: (number, many) => tr('{number} of {many}', { number, many }), broken: (name) => tr('The image {name} cannot be shown.', { name }),
  };
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  let parts = null;
  let shown = null; // what stands there: see `show`

  function make(name, className, props = {}) {
    return Object.assign(document.createElement(name), { className, ...props });
  }

  function button(icon, label, act) {
    const made = make('button', 'tile-tool lightbox-tool', { type: 'button', title: label });
    made.setAttribute('aria-label', label);
    made.append(window.depictio.tiles.icon(icon));
    made.addEventListener('click', act);
    return made;
  }

  function build() {
    const dialog = make('dialog', 'lightbox');
    const image = make('img', 'lightbox-image');
    const broken = make('p', 'lightbox-broken', { hidden: true });
    const captions = make('dl', 'lightbox-captions');
    const count = make('span', 'lightbox-count');
    count.setAttribute('role', 'status');
    const pick = make('button', 'dp-button lightbox-pick', { type: 'button' });
    pick.addEventListener('click', () => toggle());
    const [before, next] = [button('chevron-left', WORDS.before, () => step(-1)), button('chevron-right', WORDS.next, () => step(1))];
    const head = make('div', 'lightbox-head');
    head.append(count, pick, button('x', WORDS.leave, () => dialog.close()));
    const stage = make('div', 'lightbox-stage');
    stage.append(before, image, broken, next);
    dialog.append(head, stage, captions);
    image.addEventListener('error', () => {
      image.hidden = true;
      broken.hidden = false;
    });
    dialog.addEventListener('keydown', press);
    dialog.addEventListener('click', ({ target }) => { if (target === dialog || target === stage) dialog.close(); });
    dialog.addEventListener('close', () => {
      const { back } = shown;
      shown = null;
      back();
    });
    document.body.append(dialog);
    return { dialog, image, broken, captions, count, pick, before, next };
  }

  function press(event) {
    if (event.key in STEPS) step(STEPS[event.key]);
    else if (event.key === ' ' && event.target.tagName !== 'BUTTON') toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function step(by) {
    const at = shown.at + by;
    if (at >= 0 && at < shown.of) shown.go(at);
  }

  function toggle() {
    if (shown.pick) shown.pick();
  }

  /* Show image `at` of `of`: `address`, `alt`, `captions` as pairs, `isPicked`. `go` shows another one, `pick` selects
     this one (null when none can be), `back` is called when the window is closed. */
  function show(wanted) {
    parts = parts || build();
    shown = wanted;
    const { dialog, image, broken, captions, count, pick, before, next } = parts;
    image.hidden = false;
    broken.hidden = true;
    broken.textContent = WORDS.broken(wanted.name);
    Object.assign(image, { src: wanted.address, alt: wanted.alt });
    dialog.setAttribute('aria-label', wanted.alt);
    captions.replaceChildren(...wanted.captions.flatMap(([name, value]) => [make('dt', '', { textContent: name }), make('dd', '', { textContent: value })]));
    count.textContent = WORDS.count(grouped(wanted.at + 1), grouped(wanted.of));
    pick.hidden = !wanted.pick;
    pick.setAttribute('aria-pressed', String(wanted.isPicked));
    pick.textContent = wanted.isPicked ? WORDS.selected : WORDS.select;
    before.setAttribute('aria-disabled', String(wanted.at === 0));
    next.setAttribute('aria-disabled', String(wanted.at === wanted.of - 1));
    if (dialog.open) return;
    dialog.showModal();
    next.focus();
  }

  const close = () => { if (parts && parts.dialog.open) parts.dialog.close(); };

  window.depictio = Object.assign(window.depictio || {}, { lightbox: { close, isOpen: () => shown !== null, show } });
})();
