// Fails when the tracker costs a visitor more than its budget, compressed with gzip at level 9.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const BUDGET = 1_600;
const code = readFileSync(new URL("../dist/t.js", import.meta.url));
const gzip = gzipSync(code, { level: 9 }).length;
console.log(`t.js: ${code.length} B, ${gzip} B gzip of ${BUDGET}, ${brotliCompressSync(code).length} B brotli`);
if (gzip > BUDGET) {
  console.error("size: the tracker is over its budget");
  process.exitCode = 1;
}
