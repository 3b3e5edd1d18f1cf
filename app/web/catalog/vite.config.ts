import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// In development the front end and the API are two processes; the browser sees one address, as in production.
const api = process.env.CATALOG_API ?? "http://127.0.0.1:3000";

// What every page needs, what the product list adds to it, and what menus, drawers and dialogs share.
const core = new RegExp(
  [
    "node_modules/(react|react-dom|scheduler|react-router|cookie)/",
    "node_modules/@tanstack/(query-core|react-query)/(?!.*[iI]nfiniteQuery(Observer)?\\.)",
    "node_modules/lucide-react/(?!.*/icons/)",
    "lucide-react/.*/icons/(boxes|upload|keyboard|settings-2|x)\\.",
    "src/(api|format)/",
    "src/app/(Shell|Routes|CrashBoundary|notices|preferences|shortcuts|usePageTitle|useSession)\\.tsx?",
    "src/(store|i18n/(index|translate))\\.",
    "src/ui/(LazyMenu|lazy|problemText)\\.ts",
  ].join("|"),
);
const list = new RegExp(
  [
    "node_modules/(@tanstack/.*table|@tanstack/.*store|use-sync-external-store)",
    "src/products/(ListPage|ProductTable|columns|cells|badges|InlineEdit|Toolbar|Pager|PriceFilterButton|TableSkeleton|useListShortcuts|rowFocus|list|toolbar)\\.",
    "src/products/(listParams|paging|queries|usePlace|useSelection|useEdit|removal|conflicts|describe|fields|validate)\\.",
  ].join("|"),
);
const overlays = /node_modules\/(@radix-ui|@floating-ui|radix-ui|aria-hidden|react-remove-scroll|react-style-singleton|use-sidecar|use-callback-ref)/;

export default defineConfig(({ command }) => ({
  plugins: [react()],
  resolve: {
    alias: [
      // For React before 18; this one has the hook itself.
      { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: "react" },
      // The export map names the development build alone (remix-run/react-router#14102); the other one has no warnings to carry.
      ...(command === "build" ? [{ find: /^react-router$/, replacement: fileURLToPath(new URL("../node_modules/react-router/dist/production/index.mjs", import.meta.url)) }] : []),
    ],
  },
  build: {
    target: "es2022",
    manifest: true,
    // A browser that does not know `modulepreload` loads the same files a little later.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // A few larger files instead of many small ones: each costs a request and starts its compression from nothing.
        codeSplitting: {
          groups: [
            { name: "core", test: core, priority: 3 },
            { name: "list", test: list, priority: 2 },
            { name: "overlays", test: overlays, priority: 1 },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": api } },
}));
