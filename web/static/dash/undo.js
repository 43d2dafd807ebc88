/*
 * Undo and redo: buttons and keys. The server knows what this editor has done, so that it also works after a reload.
 */
(function () {
  'use strict';

  const { saving, tr } = window.depictio;
  const WORDS = {
    unsaved: (why) => tr('Not saved. {why}', { why }),
    undo: tr('Undo (Ctrl+Z)'),
    redo: tr('Redo (Ctrl+Shift+Z)'),
    undone: (did) => tr('Undone: {did}', { did }),
    redone: (did) => tr('Redone: {did}', { did }),
  };
  const TYPING = 'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, [contenteditable]';

  const page = () => document.getElementById('board-live');
  let stacks = { undo: [], redo: [] };
  const passed = new Set(); // what somebody else has changed since: it is left as it is

  const left = (numbers) => numbers.filter((number) => !passed.has(number));

  function show(now) {
    stacks = now;
    for (const name of ['undo', 'redo']) {
      const isIdle = !left(stacks[name]).length;
      window.dash_clientside.set_props(name, { disabled: isIdle, title: WORDS[name] });
    }
  }

  async function act(name) {
    const top = left(stacks[name]).at(-1);
    const { requests_pathname_prefix: base } = JSON.parse(document.getElementById('_dash-config').textContent);
    const body = JSON.stringify({ redo: name === 'redo', passed: [...passed] });
    const response = await saving.send(window.depictio.fetchPlainly, `${base}_undo`, { body, headers: {} });
    if (!response.ok) {
      window.dash_clientside.set_props('saved', { children: WORDS.unsaved(window.depictio.reason(response.status)) });
      return;
    }
    const answer = await response.json();
    if (answer.failure && top !== undefined) passed.add(top);
    if (answer.saved) window.dash_clientside.set_props('saved', { children: answer.saved });
    const text = answer.failure || (name === 'undo' ? WORDS.undone : WORDS.redone)(answer.said);
    document.dispatchEvent(new CustomEvent('depictio:notice', { detail: { level: answer.failure ? 'error' : 'done', text } }));
    show(answer.stacks);
    window.depictio.pulse.now();
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest && target.closest('#undo, #redo');
    if (button && !button.disabled) act(button.id);
  });

  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !page() || page().dataset.editable !== 'true') return;
    if (event.target.closest && event.target.closest(TYPING)) return; // The browser's own undo of what is typed.
    const key = event.key.toLowerCase();
    if (key !== 'z' && !(key === 'y' && !event.shiftKey)) return;
    event.preventDefault();
    act(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  });

  window.depictio = Object.assign(window.depictio || {}, { undo: { act, show } });
})();
