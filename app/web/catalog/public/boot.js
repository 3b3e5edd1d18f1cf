// Runs before the first paint, so that a reader in the dark never sees a white flash.
(function () {
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem("catalog.preferences") || "{}") || {};
  } catch (_) {
    // Storage is off or holds something else: the defaults below apply.
  }
  var dark = stored.theme === "dark" || (stored.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.dataset.density = stored.density === "compact" ? "compact" : "comfortable";
})();
