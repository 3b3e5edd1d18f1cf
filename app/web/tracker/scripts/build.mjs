// Minifies the tracker: node scripts/build.mjs FILE
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { minify } from "rolldown/utils";

const source = fileURLToPath(new URL("../src/t.js", import.meta.url));
const file = resolve(process.argv[2]);
const { code, errors } = await minify("t.js", readFileSync(source, "utf8"), { compress: { target: "es2020" }, mangle: { toplevel: true } });
if (errors?.length) throw new Error(errors.map(({ message }) => message).join("\n"));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, code);
