/*
 * What scripts say, in the language of the installation: `tr` and `trn` give the text that stands in the code in
 * English, or what the page's catalogue has for it. As `domain/wording.py` does; see docs/translating.md.
 */
(() => {
  const { kinds = "", messages = {} } = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

  // Of 0 to 199, then of a million: `KINDS_OF` in domain/wording.py says why.
  const kindOf = (n) => kinds[n < 200 ? n : n % 1e6 ? 100 + (n % 100) : 200];

  const filled = (text, values) =>
    text.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? values[name] : place));

  /* A number with narrow no-break spaces between its thousands. */
  const grouped = (n) => n.toLocaleString("en").replace(/,/g, "\u202f");

  /* A day with its time, as the clocks of the reader have it, in an order that no country reads otherwise. */
  const moment = (date) => date.toLocaleString("sv", { dateStyle: "short", timeStyle: "short" });

  /* The text with the values at the places that `{name}` marks; a text without values is not looked through. */
  function tr(text, values) {
    const [said] = messages[text] || [text];
    return values ? filled(said, values) : said;
  }

  /* The form of the text that suits the number, which stands in it as `{n}`. */
  function trn(one, many, n, values = {}) {
    const forms = messages[one] || [];
    const said = forms[kindOf(n)] || (n === 1 ? one : many);
    return filled(said, { n: grouped(n), ...values });
  }

  window.depictio = Object.assign(window.depictio || {}, { grouped, moment, tr, trn });
})();
