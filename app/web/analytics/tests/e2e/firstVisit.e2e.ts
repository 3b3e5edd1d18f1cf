import { expect, test } from "vitest";
// A script for Node alone, without types.
// @ts-expect-error
import { BUDGET, firstVisit, sum } from "../../scripts/size.mjs";
import { settled, visit } from "./browser";

test("the first visit asks for the files that the budget counts, and no others", async () => {
  const asked = new Set<string>();
  await settled(await visit("/overview", { before: async (page) => page.on("request", (request) => asked.add(new URL(request.url()).pathname)) }));
  const counted = new Set([...(firstVisit("en") as Map<string, number>).keys()].map((file) => `/${file}`));
  const scripts = [...asked].filter((path) => path.startsWith("/assets/"));
  expect(scripts.filter((path) => !counted.has(path))).toEqual([]);
  expect(sum(firstVisit("en"))).toBeLessThan(BUDGET);
});
