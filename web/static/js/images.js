// Sending the images of a set, one after the other: each is stored when it has come, so that stopping loses nothing.
(() => {
  const { tr } = window.depictio;
  const WORDS = {
    refused: tr("the server did not take it; try again later"),
    broken: tr("the connection broke off; send it again"),
    stopped: tr("was not sent"),
    large: tr("is larger than an image may be"),
    far: (number, many) => tr("{number} of {many}", { number, many }),
    stored: (stored, many) => tr("{stored} of {many} images stored.", { stored, many }),
    left: (stored, many, left) => tr("{stored} of {many} images stored, {left} refused.", { stored, many, left }),
  };

  const refusal = (request) => {
    try {
      const problem = JSON.parse(request.responseText);
      return (problem.errors ?? []).map((one) => one.message).join("; ") || problem.detail;
    } catch {
      return WORDS.refused;
    }
  };

  function put(form, file, path) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("PUT", `${form.dataset.content}?name=${encodeURIComponent(path)}`);
      for (const [name, value] of Object.entries(JSON.parse(document.body.getAttribute("hx-headers"))))
        request.setRequestHeader(name, value);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.setRequestHeader("accept", "application/json");
      request.onload = () => done(request.status < 300 ? "" : refusal(request));
      request.onerror = () => done(WORDS.broken);
      request.onabort = () => done(WORDS.stopped);
      form.under = request;
      request.send(file);
    });
  }

  async function send(form, found) {
    if (form.under || !found.length) return;
    const refused = form.querySelector("[data-refused]");
    const [bar, far, way] = [".dp-drop-bar", "[data-far]", ".dp-drop-way"].map((one) => form.querySelector(one));
    refused.replaceChildren();
    way.hidden = false;
    form.stopped = false;
    let stored = 0;
    for (const [number, { file, path }] of found.entries()) {
      if (form.stopped) break;
      bar.value = number / found.length;
      far.textContent = WORDS.far(number, found.length);
      const problem = file.size > form.dataset.most ? WORDS.large : await put(form, file, path);
      stored += problem ? 0 : 1;
      if (problem) {
        const line = document.createElement("li");
        line.textContent = `${path}: ${problem}`;
        refused.append(line);
      }
    }
    form.under = null;
    const left = refused.children.length;
    const text = left ? WORDS.left(stored, found.length, left) : WORDS.stored(stored, found.length);
    document.dispatchEvent(
      new CustomEvent("depictio:notice", { detail: { level: left ? "error" : "done", text } }),
    );
    const kept = [...refused.children];
    await window.htmx.ajax("GET", form.dataset.here, { target: "#images", swap: "outerHTML" });
    document.querySelector("#images [data-refused]")?.replaceChildren(...kept);
    document.querySelector("#field-images")?.focus();
  }

  async function within(entry) {
    if (entry.isFile) {
      const file = await new Promise((found, failed) => entry.file(found, failed));
      return [{ file, path: entry.fullPath.replace(/^\//, "") }];
    }
    const reader = entry.createReader();
    const all = [];
    for (;;) {
      // A folder gives its entries a hundred at a time.
      const some = await new Promise((found, failed) => reader.readEntries(found, failed));
      if (!some.length) return all;
      for (const one of some) all.push(...(await within(one)));
    }
  }

  const form_of = (event) => event.target.closest?.(".dp-images-drop");
  const chosen = (input) => [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

  document.addEventListener("submit", (event) => {
    const form = form_of(event);
    if (!form) return;
    event.preventDefault();
    send(form, chosen(form.querySelector("input[type=file]")));
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("[data-cancel]") && form_of(event);
    if (!form) return;
    form.stopped = true;
    form.under?.abort();
  });
  for (const name of ["dragover", "dragleave", "drop"])
    document.addEventListener(name, (event) => {
      const form = form_of(event);
      if (!form) return;
      event.preventDefault();
      form.toggleAttribute("data-over", name === "dragover");
    });
  document.addEventListener("drop", async (event) => {
    const form = form_of(event);
    if (!form) return;
    const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    for (const entry of entries) found.push(...(await within(entry)));
    send(form, found);
  });
})();
