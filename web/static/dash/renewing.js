/*
 * Data that change while the side panel is open: what is typed and chosen there stays, and what is offered for it (columns,
 * their types and counts, suggestions) and shown of it follows.
 */
(function () {
  'use strict';

  const dash = () => window.dash_clientside;
  let count = 0;

  function renew() {
    if (document.getElementById('preview')) tell('renew-form');
    else if (document.getElementById('gallery-data')) tell('renew-gallery');
  }

  function tell(store) {
    count += 1;
    dash().set_props(store, { data: count });
  }

  /* What the columns give to the fields; those that are gone meanwhile, with their form, are left out. */
  function renewed({ fields, columns }) {
    for (const [name, props] of Object.entries(fields)) window.depictio.offer({ role: 'field', name }, props);
    window.depictio.fields.renew(columns);
    window.depictio.builder.redrawn();
  }

  document.addEventListener('depictio:data', renew);

  window.dash_clientside = Object.assign(window.dash_clientside || {}, { renewing: { renewed } });
})();
