// Fails when a first visit to the overview costs more than its budget. `tests/e2e/firstVisit.e2e.ts` holds this set of
// files against what a browser asks for.
import { fileURLToPath } from "node:url";
import * as kit from "../../kit/scripts/size.mjs";

export { LANGUAGES, sum } from "../../kit/scripts/size.mjs";
export const BUDGET = 150_000;

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const PAGE = "src/pages/OverviewPage.tsx";

export const firstVisit = (language) => kit.firstVisit(dist, PAGE, language);

if (process.argv[1] === fileURLToPath(import.meta.url)) kit.report(dist, PAGE, BUDGET);
