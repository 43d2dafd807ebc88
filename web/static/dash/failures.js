/*
 * The line above the board that says what is wrong: a sentence for each part of the page, so that a failed list of choices
 * does not take the place of a board that may not match its filters, and with each sentence a way to try again, if there
 * is one. What is said of an act, such as a download, goes when the board or the next act succeeds.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    again: tr('Retry'),
    trying: tr('Trying again…'),
    blank: tr('The dashboard could not be loaded: the server did not send it.'),
  };
  const ACT = 'act';

  const said = new Map(); // part → its sentence and button, as they stand in the line

  const line = () => document.getElementById('board-failure');

  /* Say what is wrong with a part, and how to try again; nothing by an empty text. The same sentence is not said twice. */
  function say(text, part = ACT, again = null) {
    if (!line()) return;
    if (!text) forget([part]);
    else if (said.has(part)) write(said.get(part), text, again);
    else {
      said.set(part, document.createElement('div'));
      write(said.get(part), text, again);
      line().append(said.get(part));
    }
  }

  function write(place, text, again) {
    let [sentence, button] = place.children;
    if (!sentence) place.append(sentence = document.createElement('span'));
    if (sentence.textContent !== text) sentence.textContent = text;
    if (!again) {
      if (button) button.remove();
      return;
    }
    if (!button) place.append(button = Object.assign(document.createElement('button'), { type: 'button', className: 'dp-button' }));
    if (button.textContent !== (again.words || WORDS.again)) button.textContent = again.words || WORDS.again;
    button.onclick = () => {
      if (!again.words) sentence.textContent = WORDS.trying; // So that a second failure is said again.
      again();
    };
  }

  /* Parts are well again. Who pressed the button there goes on at the board. */
  function forget(parts = [...said.keys()]) {
    for (const part of parts.filter((one) => said.has(one))) {
      const place = said.get(part);
      const isHeld = place.contains(document.activeElement);
      place.remove();
      said.delete(part);
      if (isHeld) rest(document.querySelector('.board-main'));
    }
  }

  /* The focus on something that is no stop of the Tab key, when the button that had it is gone. */
  function rest(element) {
    if (!element) return;
    if (!element.hasAttribute('tabindex')) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  function blank(place = document.querySelector('#react-entry-point > *')) {
    place.className = '_dash-error';
    place.setAttribute('role', 'alert');
    place.replaceChildren();
    write(place, WORDS.blank, () => window.location.reload());
  }

  /* Dash could not begin: its few words give way to the reason, and to a way to try again. */
  function watch() {
    const entry = document.getElementById('react-entry-point');
    if (!entry) return;
    const observer = new MutationObserver(() => {
      const place = entry.querySelector('._dash-error');
      if (!place && entry.querySelector('._dash-loading')) return;
      observer.disconnect(); // Once the board is there it is no business of this one, and plots change a lot in it.
      if (place) blank(place);
    });
    observer.observe(entry, { attributes: true, characterData: true, childList: true, subtree: true });
  }

  document.addEventListener('DOMContentLoaded', watch);

  /* Whether anything that is said has these words. */
  const has = (words) => Boolean(line()) && line().textContent.includes(words);

  window.depictio = Object.assign(window.depictio || {}, { failures: { blank, forget, has, rest }, say });
})();
