// Writes the types of an OpenAPI document, or with --check fails when the written ones are stale:
//   node ../kit/scripts/types.mjs [--check] ../../catalog/openapi.json src/api/schema.d.ts
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const check = process.argv.includes("--check");
const [document, written] = process.argv.slice(2).filter((argument) => argument !== "--check");
const make = (out) => execFileSync(fileURLToPath(new URL("../../node_modules/.bin/openapi-typescript", import.meta.url)), [document, "-o", out], { stdio: ["ignore", "ignore", "inherit"] });

if (!existsSync(document)) {
  console.error(`types: ${document} is missing; the program writes it with its subcommand \`openapi\``);
  process.exit(1);
}
if (!check) {
  make(written);
} else {
  const scratch = mkdtempSync(join(tmpdir(), "api-types-"));
  try {
    const fresh = join(scratch, "schema.d.ts");
    make(fresh);
    if (readFileSync(fresh, "utf8") !== readFileSync(written, "utf8")) {
      console.error(`types: ${written} is stale; run \`npm run types\` beside it and commit the result`);
      process.exitCode = 1;
    } else {
      console.log(`types: ${written} agrees with ${document}`);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
