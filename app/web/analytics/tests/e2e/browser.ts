/** Pages of the dashboard in Chromium. */
import { join } from "node:path";
import { open, picture, useChromium, type Opening } from "kit/testing/browser.ts";
import type { Page } from "playwright-core";
import { inject } from "vitest";

export { expectAccessible, overflow } from "kit/testing/browser.ts";

useChromium();

/** A page of the dashboard, in a browser profile of its own. */
export const visit = (path: string, options: Omit<Opening, "baseURL"> = {}): Promise<Page> => open(path, { baseURL: inject("open"), timezoneId: "Europe/Berlin", ...options });

/** Returns when everything that was asked for is there. */
export async function settled(page: Page): Promise<Page> {
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  return page;
}

export const screenshot = (page: Page, name: string) => picture(page, join(import.meta.dirname, "../../screenshots"), name);
