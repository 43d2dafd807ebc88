// Which editor is open in this tab: what a page beside it changes can be undone there. The form works without it.
(() => {
  const SESSION = "depictio.session"; // As in dash/saving.js, which makes one in the same way.
  const BYTES = 12;

  function session() {
    const known = sessionStorage.getItem(SESSION);
    if (known) return known;
    const fresh = [...crypto.getRandomValues(new Uint8Array(BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem(SESSION, fresh);
    return fresh;
  }

  for (const input of document.querySelectorAll("[data-editor-session]")) input.value = session();
})();
