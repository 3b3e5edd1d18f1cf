// Builds the front end anew, as the next release would: one module is different, and with it the name of every chunk.
//   node tests/e2e/rebuild.mjs FOLDER
import { fileURLToPath } from "node:url";
import { build, loadConfigFromFile, mergeConfig } from "vite";

const web = fileURLToPath(new URL("../..", import.meta.url));
const next = {
  name: "next-release",
  transform: (code, id) => (id.endsWith("kit/src/start.tsx") ? `${code}\nglobalThis.release = "next";\n` : undefined),
};
const { config } = await loadConfigFromFile({ command: "build", mode: "production" }, undefined, web, "error");
await build(mergeConfig(config, { root: web, configFile: false, logLevel: "error", plugins: [next], build: { outDir: process.argv[2] } }));
