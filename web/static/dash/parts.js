/*
 * What the panels beside the board are made of: buttons, and the REST interface about the dashboard of this page.
 */
(function () {
  'use strict';

  const { csrf, dashboard } = window.depictio;

  // The bundle of grid/ comes after these scripts.
  const element = (...given) => window.dash_views.acts.element(...given);
  const picture = (name) => window.dash_views.acts.picture(name);

  function button(words, act, kind = '') {
    const made = element('button', { type: 'button', className: 'dp-button' }, words);
    if (kind) made.dataset.kind = kind;
    made.addEventListener('click', act);
    return made;
  }

  function tool(icon, label, act) {
    const made = element('button', { type: 'button', className: 'tile-tool', title: label, 'aria-label': label }, picture(icon));
    made.addEventListener('click', act);
    return made;
  }

  /* What proves to the server that a request comes from this page. */
  const proof = () => ({ [JSON.parse(document.getElementById('_dash-config').textContent).csrf_header_name]: csrf() });

  /* Asks for paths below the dashboard. What is thrown has `said`, a sentence, and the status of an answer; without an
     answer the sentence is `unreachable`. */
  function rest(unreachable) {
    return async function ask(method, path, body) {
      const key = dashboard().split('/').pop();
      const headers = { 'content-type': 'application/json', accept: 'application/json', ...proof() };
      let response;
      try {
        response = await window.fetch(`/api/v1/dashboards/${key}/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      } catch (error) {
        throw Object.assign(new Error(), { said: unreachable });
      }
      const text = await response.text();
      const found = text ? JSON.parse(text) : null;
      if (response.ok) return found;
      const faults = (found && found.errors ? found.errors : []).map((one) => one.message || one.detail).filter(Boolean);
      throw Object.assign(new Error(), { said: [found && found.detail, ...faults].filter(Boolean).join(' '), status: response.status });
    };
  }

  window.depictio.parts = { button, element, picture, proof, rest, tool };
})();
