/*
 * What the board asks the server beside Dash: JSON there, the bytes of an answer back.
 */
(function () {
  'use strict';

  const config = () => JSON.parse(document.getElementById('_dash-config').textContent);

  /* What proves that a request comes from a page of ours. */
  function csrf() {
    const name = config().csrf_token_name;
    const token = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`)) || '';
    return decodeURIComponent(token.slice(name.length + 1));
  }

  /* The address of the dashboard of this page, whichever app shows it. */
  const dashboard = () => config().requests_pathname_prefix.replace(/\/[^/]+\/$/, '');

  /* The answer of a route of this page. What it throws has `said`, a sentence, when the server has answered. */
  async function post(route, asked, signal) {
    const { requests_pathname_prefix: base, csrf_header_name: header } = config();
    const headers = { 'content-type': 'application/json', accept: 'application/json', [header]: csrf() };
    const response = await window.fetch(base + route, { method: 'POST', headers, body: JSON.stringify(asked), signal });
    if (response.status !== 200) throw Object.assign(new Error(), { said: window.depictio.reason(response.status) });
    return window.depictio.wire.read(await response.arrayBuffer());
  }

  window.depictio = Object.assign(window.depictio || {}, { csrf, dashboard, post });
})();
