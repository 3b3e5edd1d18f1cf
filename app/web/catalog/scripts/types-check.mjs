// Fails when src/api/schema.d.ts is not what openapi-typescript makes of the API's OpenAPI document.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const document = join(web, "../../catalog/openapi.json");
const checkedIn = join(web, "src/api/schema.d.ts");

if (!existsSync(document)) {
  console.error(`types:check: ${document} is missing; write it with \`catalog openapi > app/catalog/openapi.json\``);
  process.exit(1);
}
const scratch = mkdtempSync(join(tmpdir(), "catalog-types-"));
try {
  const fresh = join(scratch, "schema.d.ts");
  execFileSync(join(web, "../node_modules/.bin/openapi-typescript"), [document, "-o", fresh], { stdio: ["ignore", "ignore", "inherit"] });
  if (readFileSync(fresh, "utf8") !== readFileSync(checkedIn, "utf8")) {
    console.error("types:check: src/api/schema.d.ts is stale; run `npm run types` in app/web/catalog and commit the result");
    process.exitCode = 1;
  } else {
    console.log("types:check: src/api/schema.d.ts agrees with app/catalog/openapi.json");
  }
} finally {
  rmSync(scratch, { recursive: true });
}
