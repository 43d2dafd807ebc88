// Runs before the first paint: the server cannot know what the system prefers when nothing was chosen.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.scheme;
    const scheme = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
    root.dataset.mantineColorScheme = scheme;
    root.dataset.agThemeMode = scheme;
    document.dispatchEvent(new CustomEvent("depictio:scheme", { detail: { scheme } }));
  };
  root.dataset.js = "";
  apply();
  system.addEventListener("change", apply);
  window.depictioScheme = {
    choose(scheme) {
      root.dataset.scheme = scheme;
      document.cookie = `scheme=${scheme}; path=/; max-age=31536000; samesite=lax`;
      apply();
    },
  };
})();
