// Measures what the browser downloads to show the product list on a first visit, and fails above the budget.
//
// That is index.html, the scripts and style sheets it names, the list's own, everything they import statically, and the
// messages of the language that is spoken. Menus, drawers, the import page and the other languages come on demand.
// `tests/e2e/firstVisit.e2e.ts` holds this set against what a browser asks for. Everything counts as compressed with gzip
// at level 9, as a server without brotli would send it; a kilobyte is a thousand bytes.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export const BUDGET = 130_000;
export const LANGUAGES = ["en", "fr", "hi", "it"];

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const size = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;

function messagesOf(manifest, language) {
  const key = ["ts", "json"].map((ending) => `src/i18n/messages/${language}.${ending}`).find((name) => manifest[name]);
  if (!key) throw new Error(`size: the build has no messages for ${language}; has the file moved?`);
  return key;
}

/** The files of a first visit in this language, each with its compressed size. */
export function firstVisit(language) {
  if (!existsSync(`${dist}index.html`)) throw new Error("size: the front end is not built; run `npm run build`");
  const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
  const files = new Map([["index.html", size("index.html")]]);
  const add = (file) => files.has(file) || files.set(file, size(file));
  for (const match of readFileSync(`${dist}index.html`, "utf8").matchAll(/(?:src|href)="\/([^"]+)"/g)) add(match[1]);
  const seen = new Set();
  function visit(key) {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`size: the build has no entry ${key}; has the file moved?`);
    if (seen.has(key)) return;
    seen.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) add(file);
    for (const next of chunk.imports ?? []) visit(next);
  }
  for (const entry of ["index.html", "src/products/ListPage.tsx", messagesOf(manifest, language)]) visit(entry);
  return files;
}

export const sum = (files) => [...files.values()].reduce((total, bytes) => total + bytes, 0);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} KB`;
  for (const [file, bytes] of firstVisit("en")) console.log(`${kilobytes(bytes)}  ${file}`);
  for (const language of LANGUAGES) {
    const total = sum(firstVisit(language));
    console.log(`${kilobytes(total)}  the first visit in ${language}, of ${BUDGET / 1000} KB`);
    if (total >= BUDGET) {
      console.error(`size: the first visit in ${language} is over its budget`);
      process.exitCode = 1;
    }
  }
}
