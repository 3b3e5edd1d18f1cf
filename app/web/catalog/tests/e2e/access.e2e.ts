import { expect, inject, test } from "vitest";
import { visit } from "./browser";
import { TOKENS } from "./stack";

async function signIn(token: string) {
  const page = await visit({ site: "guarded", expects: [401] });
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Access token").fill(token);
  await page.keyboard.press("Enter");
  return page;
}

test("a wrong token is refused, the right one opens the list", async () => {
  const page = await signIn("not-a-token-of-ours");
  await page.getByText("This token is not known.").waitFor();
  await page.getByLabel("Access token").fill(TOKENS.admin);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".product-link").first().waitFor();
  await page.getByText("admin-name · Administrator").waitFor();
  await page.reload();
  await page.locator(".product-link").first().waitFor();
  await page.getByRole("button", { name: "Preferences" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a viewer reads and exports, and is offered nothing else", async () => {
  const page = await signIn(TOKENS.viewer);
  await page.locator(".product-link").first().waitFor();
  expect(await page.getByRole("link", { name: "New product" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Import" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: /^Price of/ }).count()).toBe(0);
  await page.getByRole("checkbox").nth(1).check();
  const bar = page.getByRole("region", { name: "Selected products" });
  await bar.waitFor();
  expect(await bar.getByRole("button", { name: "Delete" }).count()).toBe(0);
  await page.locator(".product-link").first().click();
  await page.getByRole("dialog").getByLabel("Name").waitFor();
  await expect.poll(() => page.getByRole("dialog").getByLabel("Name").getAttribute("readonly")).not.toBeNull();
  expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    (async () => {
      await page.keyboard.press("Escape");
      await bar.getByRole("button", { name: "Export" }).click();
    })(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^products-.*\.csv$/);
});

test("an editor writes, but neither imports nor deletes many", async () => {
  const page = await signIn(TOKENS.editor);
  await page.getByRole("link", { name: "New product" }).waitFor();
  expect(await page.getByRole("link", { name: "Import" }).count()).toBe(0);
  await page.goto(`${inject("guarded")}/import`);
  await page.getByRole("heading", { name: "Import is for administrators" }).waitFor();
});

test("a product opened in a new tab does not ask again, and signing out of one tab leaves none signed in", async () => {
  const first = await signIn(TOKENS.editor);
  const link = first.locator(".product-link").first();
  await link.waitFor();
  const [second] = await Promise.all([first.context().waitForEvent("page"), link.click({ modifiers: ["ControlOrMeta"] })]);
  await second.getByRole("dialog").getByLabel("Name").waitFor();
  expect(await second.getByLabel("Access token").count()).toBe(0);
  await second.getByText("editor-name · Editor").waitFor();
  await second.keyboard.press("Escape");

  // Not even when the tab that signed in is gone.
  await first.close();
  const third = await second.context().newPage();
  await third.goto("/products");
  await third.locator(".product-link").first().waitFor();

  await third.getByRole("button", { name: "Preferences" }).click();
  await third.getByRole("menuitem", { name: "Sign out" }).click();
  await third.getByRole("heading", { name: "Sign in" }).waitFor();
  await second.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await second.context().cookies()).toEqual([]);
});

test("no script can read what signs a page in", async () => {
  const page = await signIn(TOKENS.viewer);
  await page.locator(".product-link").first().waitFor();
  const kept = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toMatch(/session"|viewer-token|catalog_session/);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "catalog_session", httpOnly: true, sameSite: "Strict" });
});
