// Measures what the browser downloads, and fails above the budgets.
//
// First load: index.html, the scripts and style sheets it names and everything they import statically: what every page
// waits for before its own route can start. The product list is the route that nearly every visit opens, so the sum of
// both has a budget of its own. Menus, drawers, the import page and the languages other than English come on demand.
// Everything is compressed with gzip at level 9, as a server without brotli would send it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGETS = { "first load": 130, "first load and product list": 150 };

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
const size = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;

const first = new Map([["index.html", size("index.html")]]);
for (const match of readFileSync(`${dist}index.html`, "utf8").matchAll(/(?:src|href)="\/([^"]+)"/g)) {
  first.set(match[1], size(match[1]));
}
function visit(key) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`size: the build has no entry ${key}; has the file moved?`);
  for (const file of [chunk.file, ...(chunk.css ?? [])]) {
    if (!first.has(file)) first.set(file, size(file));
  }
  for (const next of chunk.imports ?? []) visit(next);
}
visit("index.html");
const entry = new Set(first.keys());
visit("src/products/ListPage.tsx");

const later = new Map();
for (const chunk of Object.values(manifest)) {
  for (const file of [chunk.file, ...(chunk.css ?? [])]) {
    if (!first.has(file)) later.set(file, size(file));
  }
}

const line = (file, bytes) => console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${file}`);
const sum = (files) => files.reduce((total, [, bytes]) => total + bytes, 0);
const show = (title, files) => {
  console.log(`${title}, gzip:`);
  for (const [file, bytes] of files) line(file, bytes);
};

const entryFiles = [...first].filter(([file]) => entry.has(file));
const sums = { "first load": sum(entryFiles), "first load and product list": sum([...first]) };
show("first load", entryFiles);
show("product list", [...first].filter(([file]) => !entry.has(file)));
show("on demand", [...later]);
for (const [name, budget] of Object.entries(BUDGETS)) {
  const kilobytes = sums[name] / 1024;
  console.log(`${name}: ${kilobytes.toFixed(1)} KB of ${budget} KB`);
  if (kilobytes > budget) {
    console.error(`size: ${name} is over its budget`);
    process.exitCode = 1;
  }
}
