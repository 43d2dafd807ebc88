/*
 * The notes of the dashboard: saved while somebody writes, over the version that was read.
 */
(function () {
  'use strict';

  const { parts, talk, tr } = window.depictio;
  const { button, element: h, tool } = parts;
  const { all, head, may, rest, say, show, when } = talk;
  const SAVE_AFTER = 800; // Milliseconds without a keystroke.

  const WORDS = {
    notes: tr('Notes'), edit: tr('Edit'), done: tr('Done'), history: tr('History'), back: tr('Back'), restore: tr('Restore'), empty: tr('No notes yet.'),
    write: tr('Markdown: # heading, **bold**, - list, [text](address)'), saving: tr('Saving …'), saved: (time) => tr('Saved {time}', { time }), again: tr('Retry'),
    clash: (who) => tr('{who} changed the notes meanwhile.', { who }), mine: tr('Keep mine'), theirs: tr('Take theirs'), noHistory: tr('Nothing earlier is kept.'),
  };

  let note = { body: '', version: 0 };
  let draft = null; // what is written and not saved
  let timer = 0;
  let isSaving = false;

  async function open() {
    try {
      note = draft === null ? await rest('GET', 'notes') : note;
    } catch (error) {
      note = { body: '', version: 0, failure: error.said };
    }
    if (talk.isOn('notes')) readNotes();
  }

  /* Dash's own Markdown, which shows HTML as text. */
  function render(text) {
    const children = { props: { children: text, link_target: '_blank', className: 'tile-text' }, type: 'Markdown', namespace: 'dash_core_components' };
    window.dash_clientside.set_props('notes-text', { children });
  }

  function readNotes() {
    const tools = may('notes') ? [tool('history', WORDS.history, history), tool('pencil', WORDS.edit, writeNotes)] : [];
    const said = note.failure || (note.version ? `${note.by_name}, ${when(note.at)}` : WORDS.empty);
    show(head(WORDS.notes, ...tools), h('p', { className: 'dp-soft talk-said' }, said));
    render(note.body);
  }

  function writeNotes() {
    const area = h('textarea', { className: 'talk-area', value: draft === null ? note.body : draft, 'aria-label': WORDS.notes, placeholder: WORDS.write, maxLength: 100000 });
    const said = h('p', { className: 'dp-soft talk-said', role: 'status' });
    area.addEventListener('input', () => {
      draft = area.value;
      render(draft);
      said.textContent = WORDS.saving;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => flush(), SAVE_AFTER);
    });
    show(head(WORDS.notes, button(WORDS.done, async () => { await flush(); if (draft === null) readNotes(); }, 'primary')), said, area);
    render(area.value);
    area.focus();
  }

  async function flush(restores = false) {
    window.clearTimeout(timer);
    if (draft === null || isSaving) return;
    const text = draft;
    isSaving = true;
    try {
      note = await rest('PUT', 'notes', { body: text, version: note.version, restores });
      if (draft === text) draft = null;
      say(WORDS.saved(when(note.at)));
    } catch (error) {
      await refused(error, restores);
    } finally {
      isSaving = false;
    }
    if (draft !== null && draft !== text) await flush();
  }

  /* Somebody was faster: both texts are at hand, and the writer chooses. */
  async function refused(error, restores) {
    if (error.status !== 409) {
      say(h('strong', {}, error.said), ' ', button(WORDS.again, () => flush(restores)));
      return;
    }
    const theirs = await rest('GET', 'notes');
    render(theirs.body);
    say(h('strong', {}, WORDS.clash(theirs.by_name)), ' ',
      button(WORDS.mine, () => { note = theirs; flush(restores); }),
      button(WORDS.theirs, () => { note = theirs; draft = null; readNotes(); }));
  }

  async function history() {
    let found = [];
    try {
      found = await all('notes/revisions');
    } catch (error) {
      say(h('strong', {}, error.said));
      return;
    }
    const list = h('ol', { className: 'talk-list' });
    for (const one of found) {
      list.append(h('li', { className: 'talk-revision' },
        button(`${when(one.at)} · ${one.by_name}`, () => render(one.body), 'quiet'),
        button(WORDS.restore, async () => { draft = one.body; await flush(true); readNotes(); })));
    }
    show(head(WORDS.history, button(WORDS.back, readNotes)), h('p', { className: 'dp-soft talk-said' }, found.length ? '' : WORDS.noHistory), list);
  }

  document.addEventListener('depictio:online', () => flush());
  window.addEventListener('beforeunload', (event) => {
    if (draft !== null) event.preventDefault();
  });

  talk.pages.notes = { open, flush, about: () => null };
})();
