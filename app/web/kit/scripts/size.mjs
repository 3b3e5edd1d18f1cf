// Measures what the browser downloads on a first visit.
//
// That is index.html, the scripts and style sheets it names, those of the first page, everything they import statically,
// and the messages of the language that is spoken. What comes on demand does not count. Everything counts as compressed
// with gzip at level 9, as a server without brotli would send it; a kilobyte is a thousand bytes.
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

export const LANGUAGES = ["en", "fr", "hi", "it"];

/** The files of a first visit in this language, each with its compressed size. */
export function firstVisit(dist, page, language) {
  if (!existsSync(`${dist}index.html`)) throw new Error("size: the front end is not built; run `npm run build`");
  const size = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;
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
  for (const entry of ["index.html", page, `src/i18n/${language}.ts`]) visit(entry);
  return files;
}

export const sum = (files) => [...files.values()].reduce((total, bytes) => total + bytes, 0);

/** Prints the first visit's files and sizes; fails the process above the budget. */
export function report(dist, page, budget) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} KB`;
  for (const [file, bytes] of firstVisit(dist, page, "en")) console.log(`${kilobytes(bytes)}  ${file}`);
  for (const language of LANGUAGES) {
    const total = sum(firstVisit(dist, page, language));
    console.log(`${kilobytes(total)}  the first visit in ${language}, of ${budget / 1000} KB`);
    if (total >= budget) {
      console.error(`size: the first visit in ${language} is over its budget`);
      process.exitCode = 1;
    }
  }
}
