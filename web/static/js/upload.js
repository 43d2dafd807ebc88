// Sending files: dropped or chosen, each travels as it is, so that the page can say how far it is and stop it.
// One file leads to its first rows; of several all are sent first, one after the other, and then sorted.
(() => {
  const form = document.querySelector(".dp-drop");
  if (!form) return;
  const input = form.querySelector(".dp-drop-file");
  const list = form.querySelector(".dp-drop-files");
  const line = form.querySelector("template");
  const [all, on] = ["[data-cancel-all]", "[data-go-on]"].map((one) => form.querySelector(one));
  const MIB = 1024 * 1024;
  const { tr, trn } = window.depictio;
  const WORDS = {
    refused: tr("The server did not take the file. Try again later."),
    looking: tr("Looking at it"),
    broken: tr("The connection broke off. Nothing was stored; send the file again."),
    waiting: tr("Waits"),
    sent: tr("Sent"),
    stopped: tr("Not sent"),
    large: (name) => tr("{name} is larger than {most} MiB.", { name, most: form.dataset.most }),
    unreadable: tr("The folder cannot be read. Drop the files themselves."),
    twice: tr("Another of these files has the same name; rename one."),
    many: (n) => {
      const { together } = form.dataset;
      return trn("This is {n} file. Drop at most {together} at a time.", "These are {n} files. Drop at most {together} at a time.", n, { together });
    },
    far: (loaded, total) => tr("{loaded} of {total} MiB", { loaded, total }),
    share: (name) => tr("{name} sent", { name }),
    cancel: (name) => tr("Cancel {name}", { name }),
    goOn: (n) =>
      n === 1
        ? tr("Go on with the file that was sent")
        : trn("Go on with the {n} file that was sent", "Go on with the {n} files that were sent", n),
  };
  let under = null;
  let ways = [];

  const say = (level, text) =>
    document.dispatchEvent(new CustomEvent("depictio:notice", { detail: { level, text } }));

  const headers = () => Object.entries(JSON.parse(document.body.getAttribute("hx-headers")));

  // Each reason names the file, as a sentence of its own.
  function refusal(request, name) {
    try {
      const problem = JSON.parse(request.responseText);
      const reasons = (problem.errors ?? []).map(({ message }) => (message.startsWith(name) ? message : `${name} ${message}`));
      return reasons.map((one) => `${one.replace(/\.$/, "")}.`).join(" ") || problem.detail || problem.title;
    } catch {
      return WORDS.refused;
    }
  }

  // A file with its line on the page; its `end` is "sent", "stopped", or why it was refused.
  function wayOf(file) {
    const item = line.content.firstElementChild.cloneNode(true);
    const [name, bar, far, stop] = [".dp-drop-name", ".dp-drop-bar", "[data-far]", "[data-cancel]"].map((one) =>
      item.querySelector(one),
    );
    name.textContent = file.name;
    bar.setAttribute("aria-label", WORDS.share(file.name));
    far.textContent = WORDS.waiting;
    const way = { file, item, bar, far, stop, end: "" };
    stop.setAttribute("aria-label", WORDS.cancel(file.name));
    stop.addEventListener("click", () => {
      way.end ||= "stopped";
      if (under?.way === way) under.request.abort();
      else shown(way);
      (list.querySelector("[data-cancel]:not([hidden])") ?? (on.hidden ? input : on)).focus();
    });
    list.append(item);
    return way;
  }

  function shown(way) {
    const isRefused = way.end !== "sent" && way.end !== "stopped";
    way.bar.hidden = way.stop.hidden = true;
    way.item.toggleAttribute("data-refused", isRefused);
    way.far.textContent = isRefused ? way.end : WORDS[way.end];
  }

  function put(way) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      under = { way, request };
      request.open("PUT", `${form.dataset.content}?name=${encodeURIComponent(way.file.name)}`);
      for (const [name, value] of headers()) request.setRequestHeader(name, value);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.setRequestHeader("accept", "application/json");
      request.upload.onprogress = ({ loaded, total }) => {
        way.bar.value = total ? loaded / total : 1;
        way.far.textContent =
          loaded < total ? WORDS.far((loaded / MIB).toFixed(1), (total / MIB).toFixed(1)) : WORDS.looking;
      };
      const ended = (end) => {
        under = null;
        way.end ||= end;
        done();
      };
      request.onload = () => {
        if (request.status < 300) way.answer = JSON.parse(request.responseText);
        ended(request.status < 300 ? "sent" : refusal(request, way.file.name));
      };
      request.onerror = () => ended(WORDS.broken);
      request.onabort = () => ended("stopped");
      request.send(way.file);
    });
  }

  function again(text) {
    ways = [];
    list.replaceChildren();
    form.removeAttribute("data-sending");
    all.hidden = on.hidden = true;
    input.value = "";
    if (text) say("error", text);
    input.focus();
  }

  async function goOn() {
    const files = ways.filter((way) => way.end === "sent").map((way) => way.answer);
    if (files.length === 1) {
      location.assign(files[0].location);
      return;
    }
    const body = JSON.stringify({ files: files.map((one) => one.sent) });
    const answer = await fetch(form.dataset.batches, {
      method: "POST",
      headers: { ...Object.fromEntries(headers()), "content-type": "application/json", accept: "application/json" },
      body,
    }).catch(() => null);
    if (answer?.ok) location.assign((await answer.json()).location);
    else {
      const problem = await answer?.json().catch(() => null);
      again([problem?.detail ?? WORDS.broken, ...(problem?.errors ?? []).map((one) => `${one.message}.`)].join(" "));
    }
  }

  // The files in a folder and in those within it, but for hidden ones.
  async function within(folder) {
    const reader = folder.createReader();
    const all = [];
    for (;;) {
      // A folder gives its entries a hundred at a time.
      const some = await new Promise((found, failed) => reader.readEntries(found, failed));
      if (!some.length) return all;
      for (const entry of some.filter(({ name }) => !name.startsWith(".")))
        if (entry.isDirectory) all.push(...(await within(entry)));
        else all.push(await new Promise((found, failed) => entry.file(found, failed)));
    }
  }

  // What was dropped is there while the event lasts only: it is taken before anything is waited for.
  async function dropped({ items }) {
    const found = [...items]
      .filter(({ kind }) => kind === "file")
      .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
    const all = [];
    for (const { entry, file } of found) all.push(...(entry?.isDirectory ? await within(entry) : [file]));
    return all;
  }

  // One file that did not come leaves nothing to look at; of several those that came are there, and the others are said.
  function over() {
    const sent = ways.filter((way) => way.end === "sent");
    const refused = ways.filter((way) => way.end !== "sent" && way.end !== "stopped");
    all.hidden = true;
    if (sent.length && !refused.length) goOn();
    else if (ways.length === 1 || !refused.length) again(refused[0]?.end);
    else {
      on.hidden = !sent.length;
      on.lastElementChild.textContent = WORDS.goOn(sent.length);
      form.removeAttribute("data-sending");
      input.value = "";
      (sent.length ? on : input).focus();
    }
  }

  async function send(files) {
    if (under || !files.length) return;
    if (files.length > form.dataset.together) {
      again(WORDS.many(files.length));
      return;
    }
    again("");
    form.setAttribute("data-sending", "");
    ways = files.map(wayOf);
    all.hidden = files.length === 1;
    ways[0].stop.focus();
    for (const way of ways) {
      if (!way.end && way.file.size > form.dataset.most * MIB) way.end = WORDS.large(way.file.name);
      if (!way.end && ways.some((one) => one.end === "sent" && one.file.name === way.file.name)) way.end = WORDS.twice;
      if (!way.end) await put(way);
      shown(way);
    }
    over();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send([...input.files]);
  });
  input.addEventListener("change", () => send([...input.files]));
  on.addEventListener("click", goOn);
  all.addEventListener("click", () => {
    for (const way of ways) way.end ||= "stopped";
    under?.request.abort();
  });
  for (const name of ["dragenter", "dragover"])
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.toggleAttribute("data-over", true);
    });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.removeAttribute("data-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    dropped(event.dataTransfer).then(send, () => again(WORDS.unreadable));
  });
})();
