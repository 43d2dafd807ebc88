/*
 * What a select control offers is replaced, and what is chosen in it stays: Mantine's wrapper takes the value back to the
 * one that Dash has, and drops of it what the new list lacks. So a list waits until the control has told Dash of what was
 * chosen last, and holds what is chosen, whatever the server knew when it made the list.
 */
(function () {
  'use strict';

  const PAUSE = 10; // Milliseconds until a control that has not told yet is looked at again.
  const TRIES = 200;

  const latest = new Map(); // control → the properties that it was given last

  /* Properties of a control, `data` among them or not, by its id. */
  function offer(id, props) {
    const name = window.dash_component_api.stringifyId(id);
    latest.set(name, props);
    put(name, id, props, TRIES);
  }

  function put(name, id, props, tries) {
    if (latest.get(name) !== props) return; // There is a newer list.
    const control = window.dash_component_api.getLayout(id);
    if (control && 'data' in props && tries && !hasTold(name, control.props.value)) {
      window.setTimeout(put, PAUSE, name, id, props, tries - 1);
      return;
    }
    latest.delete(name);
    if (control) window.dash_clientside.set_props(id, 'data' in props ? { ...props, data: holding(props.data, control.props) } : props);
  }

  /* Whether what a control shows is what Dash has of it. */
  function hasTold(name, value) {
    const input = document.getElementById(name);
    const root = input && input.closest('.mantine-InputWrapper-root');
    const shown = root && root.nextElementSibling;
    return !shown || shown.type !== 'hidden' || shown.value === [value || []].flat().join(',');
  }

  /* The list with what is chosen, as it was called before. */
  function holding(data, { value, data: before }) {
    const offered = new Set(data.map((option) => option.value));
    const left = [value || []].flat().filter((one) => !offered.has(one));
    return [...data, ...left.map((one) => (before || []).find((option) => option.value === one) || { value: one, label: one })];
  }

  window.depictio = Object.assign(window.depictio || {}, { offer });
})();
