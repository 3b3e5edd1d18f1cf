import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible, makeProduct, notice, readProduct, row, screenshot, visit, visitProduct } from "./browser";

const HEADER = "sku,name,description,price,stock,category,status";
const choose = (page: Page, ...lines: string[]) =>
  page.setInputFiles("input[type=file]", { name: "prices.csv", mimeType: "text/csv", buffer: Buffer.from([HEADER, ...lines, ""].join("\r\n")) });
const total = (page: Page, name: string) => page.locator(".total").filter({ hasText: name }).locator("dd").textContent();

async function downloaded(page: Page, start: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), start()]);
  return readFile(await download.path(), "utf8");
}

test("import: what will happen is shown, nothing is saved before it is confirmed", async () => {
  const product = await makeProduct({ price: "10.00", stock: 5, category: "Old" });
  const page = await visit({ path: "/import" });
  await choose(page, `${product.sku},${product.name},,12.50,5,Recent,active`, `${product.sku}-B,"Bowl, blue",Glazed,8.00,0,,draft`);
  await expect.poll(() => total(page, "New")).toBe("1");
  await expect.poll(() => total(page, "Updated")).toBe("1");
  const update = page.getByRole("row").filter({ hasText: product.sku }).first();
  await expect.poll(() => update.textContent()).toMatch(/Price ?\$10\.00→\$12\.50.*Category ?Old→Recent/);
  expect((await readProduct(product.id)).version).toBe(1);

  await page.getByRole("button", { name: "Import 2 products" }).click();
  await page.getByRole("heading", { name: "Import finished" }).waitFor();
  await page.getByText("1 created, 1 updated.").waitFor();
  expect(await readProduct(product.id)).toMatchObject({ price: "12.50", category: "Recent", version: 2 });
  await page.getByRole("link", { name: "Show the products" }).click();
  await row(page, "Bowl, blue").waitFor();
});

test("import: every wrong cell is named, and nothing can be imported before it is right", async () => {
  const product = await makeProduct();
  const page = await visit({ path: "/import", expects: [422] });
  await choose(page, `${product.sku},${product.name},,abc,5,,active`, "NEW-X,Thing,,5.00,-3,,active", "NEW-Y,,,5.00,3,,active");
  await page.getByRole("heading", { name: "To be corrected" }).waitFor();
  const errors = await page.locator(".import-errors tbody tr").allTextContents();
  expect(errors).toEqual(expect.arrayContaining([expect.stringMatching(/^2.*Priceabc.*not a number/i), expect.stringMatching(/^3NEW-XStock-3.*below zero/i), expect.stringMatching(/^4NEW-YName.*fill this in/i)]));
  await expect.poll(() => page.getByRole("button", { name: "Correct the errors first" }).isDisabled()).toBe(true);

  await choose(page, `${product.sku},${product.name},,${product.price},${product.stock},,active`);
  await expect.poll(() => total(page, "Unchanged")).toBe("1");
  await expect.poll(() => page.getByRole("button", { name: "Nothing to change" }).isDisabled()).toBe(true);
  expect((await readProduct(product.id)).version).toBe(1);
});

test("import: what is no CSV in UTF-8 is explained", async () => {
  const page = await visit({ path: "/import", expects: [400, 422] });
  await page.setInputFiles("input[type=file]", { name: "prices.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK\u0003\u0004") });
  await page.getByText("This is a spreadsheet, not a CSV file.").waitFor();
  await page.setInputFiles("input[type=file]", { name: "latin.csv", mimeType: "text/csv", buffer: Buffer.from("sku,name,price\nA-1252,caf\u00e9,1\n", "latin1") });
  await page.getByText("The file is not in UTF-8.").waitFor();
  await page.getByRole("button", { name: "Read it as Windows" }).click();
  await page.locator(".import-preview").getByText("caf\u00e9").first().waitFor();
  await page.setInputFiles("input[type=file]", { name: "other.csv", mimeType: "text/csv", buffer: Buffer.from("colour;size\nred;3\n") });
  await page.locator(".import-errors, .banner.problem").first().waitFor();
});

test("the template is accepted as it is", async () => {
  const page = await visit({ path: "/import" });
  const template = await downloaded(page, () => page.getByRole("button", { name: "Download a template" }).click());
  await page.setInputFiles("input[type=file]", { name: "template.csv", mimeType: "text/csv", buffer: Buffer.from(template) });
  await expect.poll(() => total(page, "New")).toBe("1");
  await expect.poll(() => total(page, "Errors")).toBe("0");
});

test("export: what the filters show, what is ticked, and everything", async () => {
  const product = await makeProduct({ name: '=HYPERLINK("x")', category: "Formula", price: "0.10" });
  const page = await visitProduct(product);
  const menu = async (name: string) => {
    await page.getByRole("button", { name: "Export" }).first().click();
    await page.getByRole("menuitem", { name }).click();
  };
  const filtered = await downloaded(page, () => menu("What the filters show"));
  const lines = filtered.trim().split(/\r?\n/);
  expect(lines).toHaveLength(2);
  expect(lines[0]?.replace("\ufeff", "")).toBe("sku,name,description,price,stock,category,status,image");
  expect(lines[1]).toContain(product.sku);
  expect(lines[1]).toContain("0.10");
  // A cell that a spreadsheet would run as a formula is defused.
  expect(lines[1]).not.toMatch(/,"?=HYPERLINK/);
  await notice(page, "The file has been downloaded").waitFor();

  await page.getByRole("checkbox", { name: /^Select =/ }).check();
  const selected = await downloaded(page, () => menu("1 selected product"));
  expect(selected.trim().split(/\r?\n/)).toHaveLength(2);
  const all = await downloaded(page, () => menu("All products"));
  expect(all.trim().split(/\r?\n/).length).toBeGreaterThan(200);
});

test("what was exported can be imported again and changes nothing", async () => {
  const category = `Round ${Date.now()}`;
  await makeProduct({ category, description: 'Quotes ", commas, and\nlines', name: "Étagère" });
  await makeProduct({ category, price: "0.00", stock: 0, status: "archived" });
  const page = await visit({ path: `/products?category=${encodeURIComponent(category)}` });
  await row(page, "Étagère").waitFor();
  const csv = await downloaded(page, async () => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "What the filters show" }).click();
  });
  await page.goto("/import");
  await page.setInputFiles("input[type=file]", { name: "again.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect.poll(() => total(page, "Unchanged")).toBe("2");
  await expect.poll(() => total(page, "Errors")).toBe("0");
});

test("texts are not erased by empty cells without being asked for", async () => {
  const lamp = await makeProduct({ description: "Made of enamel", category: "Lighting" });
  const bowl = await makeProduct({ description: "Glazed", category: "Kitchen" });
  const rows = [`${lamp.sku},${lamp.name},,11.00,5,,active`, `${bowl.sku},${bowl.name},,12.00,5,Kitchen,active`, `${bowl.sku}-NEW,Plate,,3.00,5,,draft`];
  const page = await visit({ path: "/import", expects: [422] });
  await choose(page, ...rows);
  await page.getByRole("heading", { name: "3 empty cells would erase texts" }).waitFor();
  await page.locator(".import-emptied").getByText("Made of enamel").waitFor();
  // Shown as a loss, not as an improvement.
  const colour = (name: string) => page.evaluate((token) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${token})`;
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }, name);
  expect(await page.locator(".import-preview ins.loss").first().evaluate((text) => getComputedStyle(text).color)).toBe(await colour("--bad"));
  expect(await page.getByRole("button", { name: "Decide about the empty cells first" }).isDisabled()).toBe(true);
  await expectAccessible(page);
  await screenshot(page, "import-emptied");

  await page.getByRole("radio", { name: "Keep what is there" }).check();
  await page.getByRole("button", { name: "Import 3 products" }).click();
  await page.getByRole("heading", { name: "Import finished" }).waitFor();
  expect(await readProduct(lamp.id)).toMatchObject({ price: "11.00", description: "Made of enamel", category: "Lighting" });
  expect(await readProduct(bowl.id)).toMatchObject({ price: "12.00", description: "Glazed" });

  await page.getByRole("button", { name: "Import another file" }).click();
  await choose(page, ...rows.slice(0, 1));
  await page.getByRole("radio", { name: "Erase 2 texts" }).check();
  await page.getByRole("button", { name: "Import 1 product" }).click();
  await page.getByRole("heading", { name: "Import finished" }).waitFor();
  expect(await readProduct(lamp.id)).toMatchObject({ description: "", category: null });
});

test("rows are not swallowed by a quote that is never closed", async () => {
  const page = await visit({ path: "/import" });
  await page.setInputFiles("input[type=file]", { name: "open.csv", mimeType: "text/csv", buffer: Buffer.from('sku,name,price,description\r\nQ-1,One,1.00,fine\r\nQ-2,Two,1.00,"never closed\r\nQ-3,Three,1.00,x\r\n') });
  await page.getByText("A quotation mark in row 3 is not closed").waitFor();
  expect(await page.getByRole("button", { name: /^Import \d/ }).count()).toBe(0);
});

test("what Excel writes in French is not refused, and errors do not hide value, SKU and row", async () => {
  const product = await makeProduct();
  const page = await visit({ path: "/import", locale: "fr-FR", expects: [422] });
  const text = `\ufeffsku;name;price;;\r\n${product.sku};${product.name};12,50;;\r\n;;;;\r\n${product.sku}-X;Thé;douze;;\r\n`;
  await page.setInputFiles("input[type=file]", { name: "prix.csv", mimeType: "application/vnd.ms-excel", buffer: Buffer.from(text) });
  await page.getByText("douze").waitFor();
  expect(await page.locator(".import-errors tbody tr").first().textContent()).toMatch(new RegExp(`^4${product.sku}-X.*douze`));
  const saved = await downloaded(page, () => page.getByRole("button", { name: "Télécharger les erreurs" }).click());
  expect(saved.startsWith("\ufeff")).toBe(true);
  expect(saved).toContain(`4;${product.sku}-X;price;douze;`);

  await page.setInputFiles("input[type=file]", { name: "prix.csv", mimeType: "text/csv", buffer: Buffer.from(text.replace("douze", "2,00")) });
  await page.getByRole("button", { name: "Importer 2 produits" }).click();
  await page.locator(".placeholder").waitFor();
  expect(await readProduct(product.id)).toMatchObject({ price: "12.50" });
});

test("an export in French is not one that French Excel opens in one column, and imports unchanged", async () => {
  const product = await makeProduct({ name: "Étagère; chêne", price: "1234.50" });
  const page = await visit({ path: `/products?q=${product.sku}`, locale: "fr-FR" });
  await row(page, "Étagère").waitFor();
  const csv = await downloaded(page, async () => {
    await page.getByRole("button", { name: "Exporter" }).first().click();
    await page.getByRole("menuitem").nth(1).click();
  });
  expect(csv).toContain(`\ufeffsku;name;description;price;`);
  expect(csv).toContain(`${product.sku};"Étagère; chêne";`);
  expect(csv).toContain('"1234,50"');
  await page.goto("/import");
  await page.setInputFiles("input[type=file]", { name: "export.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect.poll(() => page.locator(".total.unchanged dd").textContent()).toBe("1");
});

test("an import is not for ever: it is undone in one step", async () => {
  const product = await makeProduct({ price: "10.00", description: "Made of enamel" });
  const page = await visit({ path: "/import" });
  await choose(page, `${product.sku},Renamed,,12.50,5,,active`, `${product.sku}-N,New one,,1.00,0,,draft`);
  await page.getByRole("radio", { name: "Erase 1 text" }).check();
  await page.getByRole("button", { name: "Import 2 products" }).click();
  await page.getByRole("button", { name: "Undo this import" }).click();
  await page.getByRole("heading", { name: "Import undone" }).waitFor();
  expect(await readProduct(product.id)).toMatchObject({ name: product.name, price: "10.00", description: "Made of enamel" });
  await page.goto(`/products?q=${product.sku}-N`);
  await page.getByRole("heading", { name: "No product matches" }).waitFor();
});
