import { inject, expect, test } from "vitest";
// A script for Node alone, without types.
// @ts-expect-error
import { BUDGET, firstVisit, LANGUAGES, sum } from "../../scripts/size.mjs";
import { visit } from "./browser";

test.each(LANGUAGES as string[])("in %s the list is there after less than the budget, and no other language", async (language) => {
  const page = await visit({ path: "about:blank", locale: language, extraHTTPHeaders: { "accept-encoding": "gzip" } });
  const transferred = new Map<string, number>();
  const measured: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    const path = new URL(request.url()).pathname;
    if (path.startsWith("/api/")) return;
    measured.push(
      (async () => {
        const [answer, { responseBodySize }] = await Promise.all([request.response(), request.sizes()]);
        if (responseBodySize > 600) expect(await answer?.headerValue("content-encoding"), path).toBe("gzip");
        // A chunk is fetched, and then imported out of the browser's cache.
        const file = path === "/products" ? "index.html" : path.slice(1);
        transferred.set(file, Math.max(responseBodySize, transferred.get(file) ?? 0));
      })(),
    );
  });
  await page.goto(`${inject("open")}/products`);
  await page.locator(".product-link").first().waitFor();
  await page.waitForLoadState("networkidle");
  await Promise.all(measured);

  const expected = firstVisit(language) as Map<string, number>;
  expect([...transferred.keys()].toSorted(), "what `npm run size` counts is what the browser asks for").toEqual([...expected.keys()].toSorted());
  expect(sum(transferred)).toBeLessThan(BUDGET);
  console.log(`first visit in ${language}: ${transferred.size} files, ${sum(transferred)} bytes as transferred, ${sum(expected)} as counted`);
});
