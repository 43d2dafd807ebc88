/*
 * What is being written in the panel of comments: when the panel is drawn anew, because somebody else has written or one
 * of several answers was sent, neither words nor the focus nor the place are lost.
 */
(function () {
  'use strict';

  const texts = new Map(); // thread, or tile of a new one → what is written and not sent

  /* Give a field what was written in the one that it takes the place of, and keep what is written from now on. */
  function hold(area, key) {
    area.dataset.draft = key;
    if (texts.has(key)) area.value = texts.get(key);
    area.addEventListener('input', () => {
      if (area.value) texts.set(key, area.value);
      else texts.delete(key);
    });
  }

  const sent = (key) => texts.delete(key);

  /* Draw the panel; who was writing goes on there, and who was elsewhere stays there. */
  function around(panel, draw) {
    const held = document.activeElement;
    const isWithin = panel.contains(held);
    const key = isWithin && held.dataset.draft;
    const selection = key ? [held.selectionStart, held.selectionEnd] : [];
    const thread = isWithin && held.closest('.talk-thread');
    const tops = [...panel.querySelectorAll('*'), panel].filter((one) => one.scrollTop).map((one) => [one, one.scrollTop]);
    draw();
    for (const [one, top] of tops) one.scrollTop = top;
    if (!isWithin) held.focus({ preventScroll: true });
    else if (key) resume(panel.querySelector(`[data-draft="${CSS.escape(key)}"]`), selection);
    else if (thread && document.getElementById(thread.id)) document.getElementById(thread.id).focus({ preventScroll: true });
  }

  function resume(area, selection) {
    if (!area) return; // Its thread is gone: the panel has put the focus on its title.
    area.focus({ preventScroll: true });
    if (area.matches('textarea')) area.setSelectionRange(...selection.map((at) => Math.min(at, area.value.length)));
  }

  /* Whether names are offered to be chosen from, which drawing anew would take away. */
  const isChoosing = (panel) => Boolean(panel.querySelector('[data-draft][aria-expanded="true"]'));

  window.depictio = Object.assign(window.depictio || {}, { drafts: { around, hold, isChoosing, sent } });
})();
