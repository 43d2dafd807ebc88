// Sending a file: dropped or chosen, it travels as it is, so that the page can say how far it is and stop it.
(() => {
  const form = document.querySelector(".dp-drop");
  if (!form) return;
  const input = form.querySelector(".dp-drop-file");
  const way = form.querySelector(".dp-drop-way");
  const bar = form.querySelector(".dp-drop-bar");
  const far = form.querySelector("[data-far]");
  const MIB = 1024 * 1024;
  const WORDS = {
    refused: "The server did not take the file. Try again later.",
    looking: "Looking at it",
    broken: "The connection broke off. Nothing was stored; send the file again.",
    single: "Drop one file at a time.",
    sent: (loaded, total) => `${loaded} of ${total} MiB`,
  };
  let under = null;

  const say = (level, text) =>
    document.dispatchEvent(new CustomEvent("depictio:notice", { detail: { level, text } }));

  function show(file) {
    form.toggleAttribute("data-sending", Boolean(file));
    way.hidden = !file;
    form.querySelector(".dp-drop-name").textContent = file ? file.name : "";
    bar.value = 0;
    far.textContent = "";
  }

  function ended(text) {
    under = null;
    show(null);
    input.value = "";
    if (text) say("error", text);
    input.focus();
  }

  function refusal(request) {
    try {
      const problem = JSON.parse(request.responseText);
      return [problem.detail ?? problem.title, ...(problem.errors ?? []).map((one) => `${one.message}.`)].join(" ");
    } catch {
      return WORDS.refused;
    }
  }

  function send(file) {
    if (under) return;
    if (file.size > form.dataset.most * MIB) {
      ended(`${file.name} is larger than ${form.dataset.most} MiB.`);
      return;
    }
    const request = new XMLHttpRequest();
    under = request;
    show(file);
    request.open("PUT", `${form.dataset.content}?name=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(JSON.parse(document.body.getAttribute("hx-headers"))))
      request.setRequestHeader(name, value);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = total ? loaded / total : 1;
      far.textContent =
        loaded < total ? WORDS.sent((loaded / MIB).toFixed(1), (total / MIB).toFixed(1)) : WORDS.looking;
    };
    request.onload = () => {
      if (request.status < 300) location.assign(JSON.parse(request.responseText).location);
      else ended(refusal(request));
    };
    request.onerror = () => ended(WORDS.broken);
    request.onabort = () => ended("");
    request.send(file);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files[0]) send(input.files[0]);
  });
  input.addEventListener("change", () => input.files[0] && send(input.files[0]));
  form.querySelector("[data-cancel]").addEventListener("click", () => under?.abort());
  for (const name of ["dragenter", "dragover"])
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.toggleAttribute("data-over", true);
    });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.removeAttribute("data-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const { files } = event.dataTransfer;
    if (files.length > 1) say("error", WORDS.single);
    else if (files[0]) send(files[0]);
  });
})();
