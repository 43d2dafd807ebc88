/*
 * The ConditionBox component: a condition of the whole dashboard, checked while it is typed. What can be applied is applied
 * by Enter, by its button or by leaving the text; a condition with a fault never is. dash_views/whole_condition.py answers.
 */
(function () {
  'use strict';

  const { createElement: h, useEffect, useRef, useState } = window.React;
  const PAUSE = 250; // Milliseconds without a key before the text is checked.
  const { tr } = window.depictio;
  const WORDS = {
    apply: tr('Apply'),
    applied: tr('Applied'),
    checking: tr('Checking…'),
    clear: tr('Remove'),
    example: "col('mass') > 4000",
    lost: tr('The condition cannot be checked: the server cannot be reached.'),
    read: tr('Understood as {condition}').split('{condition}'),
  };

  let sequence = 0;

  function Checked({ said }) {
    if (!said) return null;
    const parts = [];
    if (said.place) {
      const [before, at, after] = said.place;
      parts.push(h('code', { key: 'place', className: 'condition-place' }, before, h('mark', null, at), after));
    }
    for (const [index, words] of said.wrong.entries()) {
      parts.push(h('p', { key: `wrong ${index}`, className: 'condition-wrong', role: 'alert' }, words));
    }
    const [before, after] = WORDS.read;
    if (said.read) parts.push(h('p', { key: 'read', className: 'condition-read' }, before, h('code', null, said.read), after));
    if (said.reach.length) {
      parts.push(h('ul', { key: 'reach', className: 'condition-reach' }, said.reach.map(({ name, words, holds }) => (
        h('li', { key: name, className: holds ? '' : 'is-left-out' }, h('b', null, name), ` ${words}`)))));
    }
    return parts;
  }

  function ConditionBox({ id, label, help, value, own: isOwn, setProps }) {
    const [text, setText] = useState(value || '');
    const [said, setSaid] = useState(null); // what the server says, of `said.text`
    const [open, setOpen] = useState(Boolean(value));
    const wants = useRef(false); // whether the text is to be applied as soon as it is known to be right
    const field = useRef(null);
    const name = typeof id === 'string' ? id : `${id.role}-${id.tile}`;

    // Another value came: from the address, a saved view, or because all filters were reset.
    useEffect(() => {
      setText(value || '');
      if (value) setOpen(true);
    }, [value]);

    useEffect(() => {
      if (!text.trim()) {
        setSaid(null);
        return undefined;
      }
      const own = new AbortController();
      const timer = window.setTimeout(async () => {
        sequence += 1;
        try {
          const found = await window.depictio.post('_condition', { sequence, view: '', text, own: Boolean(isOwn) }, own.signal);
          setSaid({ ...found, text });
        } catch (error) {
          if (!own.signal.aborted) setSaid({ text, wrong: [error.said || WORDS.lost], reach: [], read: '', place: null });
        }
      }, PAUSE);
      return () => { window.clearTimeout(timer); own.abort(); };
    }, [text]);

    const isChanged = text.trim() !== (value || '').trim();
    const isChecked = Boolean(said) && said.text === text;
    const isRight = !text.trim() || (isChecked && !said.wrong.length);

    function apply() {
      wants.current = isChanged && !isRight && !isChecked;
      if (isChanged && isRight) setProps({ value: text.trim() });
    }

    useEffect(() => {
      if (!wants.current || !isChecked) return;
      wants.current = false;
      if (isRight && isChanged) setProps({ value: text.trim() });
    });

    const onKeyDown = (event) => {
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        apply();
      } else if (event.key === 'Escape' && isChanged) {
        event.stopPropagation();
        setText(value || '');
      }
    };
    const clear = () => {
      setText('');
      setProps({ value: '' });
      field.current.focus();
    };
    const area = h('textarea', {
      ref: field, className: 'dp-input condition-area', rows: Math.min(1 + Math.ceil(text.length / 32), 8), value: text,
      placeholder: WORDS.example, spellCheck: false, 'aria-label': label, 'aria-describedby': `${name}-check`,
      'aria-invalid': isChecked && said.wrong.length > 0, onChange: ({ target }) => setText(target.value), onBlur: apply, onKeyDown,
    });
    const state = isChanged && text.trim() && !isChecked ? WORDS.checking : '';
    const buttons = h('div', { className: 'condition-buttons' },
      h('button', { type: 'button', className: 'dp-button', disabled: !isChanged || !isRight, onClick: apply }, WORDS.apply),
      value ? h('button', { type: 'button', className: 'dp-button', onClick: clear }, WORDS.clear) : null,
      h('span', { className: 'condition-state', 'aria-live': 'polite' }, state || (value && !isChanged && isRight ? WORDS.applied : '')));
    const check = h('div', { id: `${name}-check`, className: 'condition-check', 'aria-live': 'polite' },
      h('p', { className: 'condition-read' }, help), isChecked ? h(Checked, { said }) : null);
    const summary = h('summary', { className: 'condition-name' }, label);
    const onToggle = ({ target }) => setOpen(target.open);
    return h('details', { id: name, className: 'condition-box', open, onToggle }, summary, area, buttons, check);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { ConditionBox });
})();
