// Runs before the first paint, so that a reader in the dark never sees a white flash; says so when the scripts do not come.
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

  addEventListener(
    "error",
    function (event) {
      var page = document.getElementById("root");
      if (!(event.target instanceof HTMLScriptElement) || page.hasChildNodes()) return;
      // No messages yet to say it with: in English, as the line for browsers without JavaScript is.
      page.textContent = "The page could not be loaded. ";
      var again = document.createElement("button");
      again.textContent = "Try again";
      again.onclick = function () {
        location.reload();
      };
      page.append(again);
      addEventListener("online", again.onclick);
    },
    true,
  );
})();
