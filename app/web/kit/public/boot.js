// Runs before the first paint, so that a reader in the dark never sees a white flash.
(function () {
  var root = document.documentElement;
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem(root.dataset.app + ".preferences") || "{}") || {};
  } catch (_) {
    // Storage is off or holds something else: the defaults below apply.
  }
  var dark = stored.theme === "dark" || (stored.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.density = stored.density === "compact" ? "compact" : "comfortable";
})();
