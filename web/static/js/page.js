// What pages do beyond HTMX: messages, menus, the theme switch. Nothing here decides anything.
(() => {
  const GONE_AFTER = 6000;
  const { tr } = window.depictio;
  const WORDS = {
    copied: tr("Copied."),
    uncopied: tr("The browser did not allow copying; select the text instead."),
    unexpected: (status) => tr("The server did not answer as expected ({status}). Nothing was changed on this page.", { status }),
    unreachable: tr("The server cannot be reached. Try again."),
    late: tr("The server took too long. Try again."),
  };
  const toasts = () => document.getElementById("dp-toasts");

  function dismissLater(toast) {
    if (toast.dataset.level === "done") setTimeout(() => toast.remove(), GONE_AFTER);
  }

  function show(level, text) {
    if (level === "done") for (const older of document.querySelectorAll('.dp-toast[data-level="done"]')) older.remove();
    const template = document.getElementById(`dp-toast-${level}`);
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector(".dp-toast-text").textContent = text;
    toasts().append(toast);
    dismissLater(toast);
  }

  document.addEventListener("depictio:notice", (event) => show(event.detail.level ?? "done", event.detail.text));

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close-toast]");
    if (close) close.closest(".dp-toast").remove();
    const choice = event.target.closest(".dp-scheme-choice");
    if (choice) {
      event.preventDefault();
      window.depictioScheme.choose(choice.value);
      for (const other of document.querySelectorAll(".dp-scheme-choice"))
        other.setAttribute("aria-pressed", String(other.value === choice.value));
    }
    for (const menu of document.querySelectorAll("details.dp-menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
    const copy = event.target.closest("[data-copy]");
    if (copy)
      navigator.clipboard.writeText(copy.dataset.copy).then(
        () => show("done", WORDS.copied),
        () => show("error", WORDS.uncopied),
      );
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      const search = document.querySelector(".dp-search .dp-input");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.dp-menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // An answer that this server did not write, such as a proxy's error page, must not be swapped into the page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.getResponseHeader("x-request-id")) return;
    event.detail.shouldSwap = false;
    show("error", WORDS.unexpected(xhr.status));
  });
  // Who acts by keyboard on something that the answer takes away goes on at what takes its place.
  let held = "";
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    held = target.contains(document.activeElement) && document.activeElement !== document.body ? target.id : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const place = held && document.activeElement === document.body ? document.getElementById(held) : null;
    held = "";
    if (!place) return;
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });

  document.addEventListener("htmx:sendError", () => show("error", WORDS.unreachable));
  document.addEventListener("htmx:timeout", () => show("error", WORDS.late));

  // A select that was refused must not go on showing the value that it does not have.
  document.addEventListener("htmx:responseError", (event) => event.detail.elt.closest("form")?.reset());
  document.addEventListener("htmx:sendError", (event) => event.detail.elt.closest("form")?.reset());

  let underWay = 0;
  const busy = (change) => {
    underWay = Math.max(0, underWay + change);
    document.documentElement.toggleAttribute("data-busy", underWay > 0);
  };
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));

  for (const toast of document.querySelectorAll(".dp-toast")) dismissLater(toast);

  // A link to a form, such as that for a new dashboard, is followed into its first field.
  const form = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  form && form.querySelector("form input:not([type='hidden'])")?.focus();

  // In a narrow window the line of tabs scrolls: the one that is open lies in the middle, between its neighbours.
  for (const tab of document.querySelectorAll(".dp-tabs [aria-current]")) {
    const line = tab.parentElement;
    const [frame, box] = [line.getBoundingClientRect(), tab.getBoundingClientRect()];
    line.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  }
})();
