/*
 * Comments in threads on tiles: they mention members, and can be resolved.
 */
(function () {
  'use strict';

  const { drafts, mentions: { named, suggest }, parts, talk, tr, trn } = window.depictio;
  const { button, element: h, proof, tool } = parts;
  const { all, head, may, panel, rest, say, show, when } = talk;
  const LOOK_AGAIN = 3000; // Milliseconds between two looks for comments of others, while the panel shows them;
  const SELDOM = 10; // else only each tenth time.
  const COUNTED_AFTER = 200; // Milliseconds.

  const WORDS = {
    comments: tr('Comments'), all: tr('All tiles'), on: (name) => tr('On {name}', { name }), gone: tr('A tile that was deleted'), none: tr('No comments here yet.'),
    resolved: tr('Show resolved'), placeholder: tr('Write a comment; @ mentions a member'), answer: tr('Answer'), send: tr('Comment'), resolve: tr('Resolve'),
    reopen: tr('Reopen'), remove: tr('Delete comment'), lost: tr('That comment is gone.'), closed: (who) => tr('Resolved by {who}', { who }), where: tr('Tile'),
    count: (many) => trn('{n} open', '{n} open', many), mentions: tr('mentions you'), sure: tr('Delete this comment?'), members: tr('Members'),
  };

  let about = null; // the tile of which comments are shown, or all
  let threads = [];
  let looks = 0;
  let counting = 0; // the timer of the next count
  let people = [];
  let showsResolved = false;

  const me = () => panel().getAttribute('data-me');

  async function load() {
    if (!may('reading')) return;
    try {
      threads = await all('comments');
    } catch (error) {
      return; // Counts stay as they are; what somebody does in the panel is told there.
    }
    count();
  }

  /* What others write appears in the panel, too. */
  async function lookAgain() {
    looks += 1;
    const isShown = () => talk.isOn('comments');
    if (document.hidden || !(isShown() || looks % SELDOM === 0)) return;
    const before = JSON.stringify(threads);
    await load();
    if (isShown() && JSON.stringify(threads) !== before && !drafts.isChoosing(panel())) drafts.around(panel(), showComments);
  }

  const isOpen = (thread) => !thread.resolution;

  /* The number of open threads on each tile, and of all. */
  function count() {
    for (const tool of document.querySelectorAll('[data-talk]')) {
      const many = threads.filter((one) => one.tile_id === tool.dataset.talk && isOpen(one)).length;
      const place = tool.querySelector('.tile-talk-count');
      place.dataset.count = many || ''; // Drawn by the style sheet: the name of the button says it, too.
      tool.classList.toggle('has-talk', many > 0);
      const name = tool.title.replace(/ \(.*\)$/, '');
      const said = many ? `${name} (${WORDS.count(many)})` : name;
      if (tool.getAttribute('aria-label') === said) continue;
      tool.title = said;
      tool.setAttribute('aria-label', said);
    }
    const all = document.getElementById('comments');
    if (!all) return;
    const open = threads.filter(isOpen);
    all.dataset.count = open.length || '';
    all.classList.toggle('mentions-me', open.some((one) => one.remarks.some((remark) => remark.mentions.includes(me()))));
  }

  /* Once for all tiles that are drawn at about the same time. */
  function countSoon() {
    counting = counting || window.setTimeout(() => {
      counting = 0;
      count();
    }, COUNTED_AFTER);
  }

  async function open(tile) {
    about = tile;
    showComments();
    const [, found] = await Promise.all([load(), people.length ? people : all('comments/people').catch(() => [])]);
    people = found;
    if (talk.isOn('comments')) drafts.around(panel(), showComments); // Somebody may be writing by now.
  }

  function nameOf(id) {
    const title = document.querySelector(`[data-tile="${CSS.escape(id)}"] .tile-title`);
    if (title) return title.textContent;
    const items = window.dash_views.picks.items();
    const item = items.find((one) => one && one.id === id);
    return item ? item.label : WORDS.gone;
  }

  function showComments() {
    const shown = threads.filter((one) => (about === null || one.tile_id === about) && (showsResolved || isOpen(one)));
    const check = h('input', { type: 'checkbox', checked: showsResolved });
    check.addEventListener('change', () => { showsResolved = check.checked; showComments(); });
    const list = h('ol', { className: 'talk-list' }, ...shown.map(threadOf));
    const tools = about === null ? [] : [button(WORDS.all, () => { about = null; showComments(); }, 'quiet')];
    show(head(about === null ? WORDS.comments : WORDS.on(nameOf(about)), ...tools),
      h('label', { className: 'act-check' }, check, WORDS.resolved),
      h('p', { className: 'dp-soft talk-said', role: 'status' }, shown.length ? '' : WORDS.none), list,
      ...(may('comments') ? [composer(WORDS.send, begin, about === null, `new ${about || ''}`)] : []));
  }

  function threadOf(thread) {
    const made = h('li', { className: 'talk-thread', id: `comment-${thread.id}`, tabIndex: -1 });
    if (about === null) {
      made.append(button(nameOf(thread.tile_id), () => look(thread.tile_id), 'quiet'));
    }
    made.append(h('ol', { className: 'talk-remarks' }, ...thread.remarks.map((one) => remarkOf(thread, one))));
    if (thread.resolution) made.append(h('p', { className: 'dp-soft' }, WORDS.closed(thread.resolution.by_name)));
    if (may('comments')) {
      const close = button(thread.resolution ? WORDS.reopen : WORDS.resolve, () => change(() => rest('PUT', `comments/${thread.id}/resolved`, { resolved: !thread.resolution })), 'quiet');
      made.append(composer(WORDS.answer, (text, mentions) => rest('POST', `comments/${thread.id}`, { body: text, mentions }), false, thread.id, close));
    }
    return made;
  }

  function remarkOf(thread, { id, author_id: author, author_name: name, at, body: text, mentions }) {
    const tools = may('comments') && (author === me() || may('notes')) ? [tool('trash', WORDS.remove, async () => {
      if (await window.dash_views.acts.sure(WORDS.sure)) change(() => rest('DELETE', `comments/${thread.id}/remarks/${id}`));
    })] : [];
    const isMine = mentions.includes(me());
    return h('li', { className: `talk-remark${isMine ? ' mentions-me' : ''}` },
      h('p', { className: 'talk-by' }, h('strong', {}, name), ` ${when(at)}`, ...(isMine ? [h('span', { className: 'talk-mark' }, WORDS.mentions)] : []), ...tools),
      h('p', { className: 'talk-text' }, ...named(text, mentions, people)));
  }

  function look(id) {
    const place = document.querySelector(`.tile-section [data-tile="${CSS.escape(id)}"]`);
    if (place) place.scrollIntoView({ block: 'center' });
    about = id;
    showComments();
  }

  async function begin(text, mentions, form) {
    const tile = about === null ? new FormData(form).get('tile') : about;
    return rest('POST', 'comments', { tile_id: tile, body: text, mentions });
  }

  /* After an act all threads are read anew: others may have written meanwhile. */
  async function change(act) {
    try {
      await act();
    } catch (error) {
      say(h('strong', {}, error.said));
      return false;
    }
    await load();
    drafts.around(panel(), showComments);
    return true;
  }

  /* A link of the inbox leads straight to a thread, which is read by that. */
  async function arrive() {
    const id = (/^#comment-(\w+)$/.exec(window.location.hash) || [])[1];
    if (!id || !may('reading')) return;
    await load();
    const found = threads.find((one) => one.id === id);
    if (found && found.resolution) showsResolved = true;
    talk.unfold('comments');
    await open(null);
    const place = document.getElementById(`comment-${id}`);
    if (!place) { say(h('strong', {}, WORDS.lost)); return; }
    place.scrollIntoView({ block: 'center' });
    place.focus({ preventScroll: true });
    readAll(id);
  }

  async function readAll(id) {
    const answer = await window.fetch(`/api/v1/inbox/threads/${id}/read`, { method: 'PUT', headers: proof() }).catch(() => null);
    if (answer && answer.ok && window.htmx) window.htmx.ajax('GET', '/inbox/bell', { target: '#inbox-bell', swap: 'outerHTML' });
  }

  window.addEventListener('hashchange', arrive);

  let fields = 0;

  function composer(label, send, choosesTile, key, ...also) {
    fields += 1;
    const list = h('ul', { className: 'talk-people', role: 'listbox', id: `talk-people-${fields}`, hidden: true, 'aria-label': WORDS.members });
    const area = h('textarea', {
      className: 'talk-input', rows: 2, placeholder: WORDS.placeholder, 'aria-label': label, role: 'combobox', 'aria-expanded': 'false',
      'aria-autocomplete': 'list', 'aria-controls': list.id, maxLength: 10000,
    });
    const submit = h('button', { type: 'submit', className: 'dp-button', 'data-kind': 'primary' }, label);
    const tile = choosesTile ? [tiles()] : [];
    const form = h('form', { className: 'talk-form' }, ...tile, area, list, h('div', { className: 'talk-buttons' }, ...also, submit));
    suggest(area, list, people);
    drafts.hold(area, key);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = area.value;
      if (!text.trim()) return;
      submit.disabled = true;
      await change(async () => {
        await send(text, people.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id), form);
        drafts.sent(key);
      });
      submit.disabled = false;
    });
    return form;
  }

  function tiles() {
    const select = h('select', { name: 'tile' });
    for (const item of window.dash_views.picks.items()) if (item) select.append(h('option', { value: item.id }, item.label));
    drafts.hold(select, 'tile');
    return h('label', { className: 'act-field' }, h('span', {}, WORDS.where), select);
  }

  function start() {
    load();
    arrive();
    window.setInterval(lookAgain, LOOK_AGAIN);
    document.addEventListener('depictio:view', () => window.setTimeout(count, 100));
    document.addEventListener('depictio:painted', countSoon);
  }

  talk.pages.comments = { open, start, about: () => about };
})();
