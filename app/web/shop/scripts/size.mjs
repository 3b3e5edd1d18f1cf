// Fails when a first visit to the shop costs more than its budget.
import { fileURLToPath } from "node:url";
import * as kit from "../../kit/scripts/size.mjs";

export { LANGUAGES, sum } from "../../kit/scripts/size.mjs";
export const BUDGET = 100_000;

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const PAGE = "src/pages/ListPage.tsx";

export const firstVisit = (language) => kit.firstVisit(dist, PAGE, language);

if (process.argv[1] === fileURLToPath(import.meta.url)) kit.report(dist, PAGE, BUDGET);
