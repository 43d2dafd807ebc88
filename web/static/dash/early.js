/*
 * What Dash asks for first, asked while its scripts are still on their way: the layout of the page and its callbacks.
 * Each answer is given to Dash once, in board.js; whoever asks again asks the server.
 */
(function () {
  'use strict';

  const NAMES = ['_dash-layout', '_dash-dependencies'];
  const { requests_pathname_prefix: base } = JSON.parse(document.getElementById('_dash-config').textContent);
  const under = new Map(NAMES.map((name) => {
    const answer = window.fetch(base + name, { headers: { accept: 'application/json' } });
    answer.catch(() => {}); // Dash asks once more, and what it meets is said.
    return [base + name, answer];
  }));

  /* The answer to a request that is under way, null for any other. */
  function take(resource) {
    const address = String(resource.url || resource);
    const found = under.get(address) || null;
    under.delete(address);
    return found;
  }

  window.depictio = Object.assign(window.depictio || {}, { early: { take } });
})();
