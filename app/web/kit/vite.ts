/** What the applications' builds have in common. */
import react from "@vitejs/plugin-react";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin, UserConfig } from "vite";

const kit = fileURLToPath(new URL(".", import.meta.url));

/** How many builds' files stay in the folder: pages that are open during a deployment still ask for the older ones. */
const KEPT_BUILDS = 3;

type Kept = { build: string; files: string[] }[];

/**
 * Names the build in index.html and in build.json, by which an open page finds out that there is a newer one, and keeps
 * the files of the builds before, which open pages still ask for. Their names have the hash of their contents.
 */
function builds(): Plugin {
  let folder = "";
  let name = "";
  const assets = (bundle: object) => Object.keys(bundle).filter((file) => file.startsWith("assets/")).toSorted();
  const nameOf = (bundle: object) => createHash("sha256").update(assets(bundle).join("\n")).digest("hex").slice(0, 12);
  return {
    name: "builds",
    apply: "build",
    configResolved: (config) => void (folder = resolve(config.root, config.build.outDir)),
    transformIndexHtml: {
      order: "post",
      handler: (html, context) => {
        name = nameOf(context.bundle ?? {});
        return html.replace("<html ", `<html data-build="${name}" `);
      },
    },
    writeBundle(_, bundle) {
      const list = join(folder, "builds.json");
      const files = assets(bundle);
      const before = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Kept) : [];
      const kept = [{ build: name, files }, ...before.filter(({ build }) => build !== name)].slice(0, KEPT_BUILDS);
      const wanted = new Set(kept.flatMap((build) => build.files));
      for (const file of readdirSync(join(folder, "assets"))) if (!wanted.has(`assets/${file}`)) rmSync(join(folder, "assets", file));
      writeFileSync(list, JSON.stringify(kept));
      writeFileSync(join(folder, "build.json"), JSON.stringify({ build: name }));
    },
  };
}

/** Puts the kit's way of loading chunks in the place of Vite's. */
function preloadHelper(): Plugin {
  return {
    name: "kit-preload",
    apply: "build",
    enforce: "post",
    transform: (_, id) => (id === "\0vite/preload-helper.js" ? { code: readFileSync(join(kit, "src/loading/preload.js"), "utf8"), map: null } : undefined),
    generateBundle: {
      order: "post",
      handler: (_, bundle) => {
        for (const chunk of Object.values(bundle)) if (chunk.type === "chunk") chunk.code = chunk.code.replaceAll("importAs(", "import(");
      },
    },
  };
}

/** The kit's files that are served under their own names, such as boot.js. */
function publicFiles(): Plugin {
  let folder = "";
  return {
    name: "kit-public",
    configResolved: (config) => void (folder = resolve(config.root, config.build.outDir)),
    configureServer: (server) => {
      server.middlewares.use("/boot.js", (_, answer) => void answer.setHeader("content-type", "text/javascript").end(readFileSync(join(kit, "public/boot.js"))));
    },
    writeBundle: () => {
      for (const file of readdirSync(join(kit, "public"))) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        copyFileSync(join(kit, "public", file), join(folder, file));
      }
    },
  };
}

/** What every page of every application needs: one chunk. */
const CORE = [
  "node_modules/(react|react-dom|scheduler|react-router|cookie)/",
  "node_modules/@tanstack/(query-core|react-query)/(?!.*[iI]nfiniteQuery(Observer)?\\.)",
  "node_modules/lucide-react/(?!.*/icons/)",
  "lucide-react/.*/icons/(keyboard|settings-2|x|circle-alert|package-open|search-x|rotate-cw)\\.",
  "vite/preload-helper",
  "kit/src/(api|format|loading)/",
  "kit/src/(store|name|start|i18n/(index|translate))\\.",
  "kit/src/session/(session|tabs)\\.",
  "kit/src/shell/(Shell|PlainNotices|brand|notices|preferences|shortcuts|usePageTitle)\\.",
  "kit/src/ui/(LazyMenu|problemText|Placeholder|ProblemPlaceholder|states)\\.",
];
/** What menus, drawers and dialogs share. */
const OVERLAYS = /node_modules\/(@radix-ui|@floating-ui|radix-ui|aria-hidden|react-remove-scroll|react-style-singleton|use-sidecar|use-callback-ref)/;

type Application = {
  command: "build" | "serve";
  /** The API's address in development, where front end and API are two processes and the browser sees one. */
  api: string;
  /** Modules of the application that every page needs: sources of regular expressions. */
  core: readonly string[];
  /** Further chunks by name. */
  groups: Record<string, readonly string[]>;
};

/** The Vite configuration of an application. */
export function application({ command, api, core, groups }: Application): UserConfig {
  const any = (sources: readonly string[]) => new RegExp(sources.join("|"));
  return {
    plugins: [react(), preloadHelper(), builds(), publicFiles()],
    resolve: {
      // The export map names the development build alone (remix-run/react-router#14102); the other one has no warnings to carry.
      alias: command === "build" ? [{ find: /^react-router$/, replacement: join(kit, "../node_modules/react-router/dist/production/index.mjs") }] : [],
    },
    build: {
      target: "es2022",
      manifest: true,
      // The builds before stay beside this one; the plugin above takes away what is too old.
      emptyOutDir: false,
      // A browser that does not know `modulepreload` loads the same files a little later.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: {
          // A few larger files instead of many small ones: each costs a request and starts its compression from nothing.
          codeSplitting: {
            groups: [
              { name: "core", test: any([...CORE, ...core]), priority: 9 },
              ...Object.entries(groups).map(([name, sources], index) => ({ name, test: any(sources), priority: 8 - index })),
              { name: "overlays", test: OVERLAYS, priority: 1 },
            ],
          },
        },
      },
    },
    server: { host: "127.0.0.1", proxy: { "/api": api } },
  };
}
