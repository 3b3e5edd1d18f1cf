/** Every page at the widths of phones, tablets and laptops, light and dark: nothing sticks out, and axe has no complaint. */
import { describe, expect, test } from "vitest";
import { expectAccessible, overflow, screenshot, settled, visit } from "./browser";

const PAGES = ["overview", "products", "search", "funnel", "retention", "journeys", "live", "data"];
const WIDTHS = [320, 768, 1280];

describe.each(WIDTHS)("at %i pixels", (width) => {
  describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
    test.each(PAGES)("%s has no accessibility violation and fits the width", async (name) => {
      const page = await settled(await visit(`/${name}`, { viewport: { width, height: 900 }, colorScheme }));
      await page.waitForTimeout(200);
      await screenshot(page, `${name}-${width}-${colorScheme}`);
      expect(await overflow(page), "pixels that stick out to the side").toBeLessThanOrEqual(0);
      await expectAccessible(page);
    });
  });
});

test.each(["fr", "hi", "it"])("in %s every page speaks it, and no key shows", async (language) => {
  for (const name of PAGES) {
    const page = await settled(await visit(`/${name}`, { locale: language }));
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    expect(await page.locator("main").innerText()).not.toMatch(/\b[a-z_]+\.[a-z_]+\.[a-z_]+\b|\{\{/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    if (name === "overview") await screenshot(page, `overview-${language}`);
    await page.context().close();
  }
});
