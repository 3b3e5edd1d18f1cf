import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In development the front end and the API are two processes; the browser sees one address, as in production.
const api = process.env.CATALOG_API ?? "http://127.0.0.1:3000";

// What every page needs, what the product list adds to it, and what menus, drawers and dialogs share.
const core = new RegExp(
  [
    "node_modules/(react|react-dom|scheduler|react-router|cookie|i18next|openapi-fetch)/",
    "node_modules/@tanstack/(query-core|react-query)/",
    "node_modules/lucide-react/(?!.*/icons/)",
    "lucide-react/.*/icons/(boxes|upload|keyboard|settings-2|x|check)\\.",
    "src/(api|format)/",
    "src/app/(notices|preferences|shortcuts|usePageTitle|useSession)\\.ts",
    "src/i18n/(index|messages/en)\\.",
    "src/ui/(LazyMenu|lazy|problemText)\\.ts",
  ].join("|"),
);
const list = new RegExp(
  [
    "node_modules/(@tanstack/|use-sync-external-store)",
    "src/products/(ListPage|ProductTable|columns|cells|badges|InlineEdit|Toolbar|Pager|PriceFilterButton|TableSkeleton|NothingHere|useListShortcuts|rowFocus|list)\\.",
    "src/products/(listParams|paging|queries|usePlace|useSelection|useEdit|removal|conflicts|describe|fields|validate)\\.",
  ].join("|"),
);
const overlays = /node_modules\/(@radix-ui|@floating-ui|radix-ui|aria-hidden|react-remove-scroll|react-style-singleton|use-sidecar|use-callback-ref)/;

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    manifest: true,
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
});
