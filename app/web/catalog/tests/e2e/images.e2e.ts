import { deflateSync, crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { drawer, expectAccessible, makeProduct, notice, readProduct, row, screenshot, visitProduct } from "./browser";

/** A PNG of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([32, 120, 110]))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

const photo = (width: number, height: number) => ({ name: "photo.png", mimeType: "image/png", buffer: png(width, height) });

test("a product does not stay without a picture: chosen on the device, made small, shown in its row, and taken back by undo", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product);
  expect(await row(page, product.name).locator("img").count()).toBe(0);
  await page.getByRole("link", { name: product.name }).click();
  await drawer(page).getByLabel("Choose an image").setInputFiles(photo(3000, 1500));
  await drawer(page).getByRole("button", { name: "Remove the image" }).waitFor();
  await expectAccessible(page);
  await drawer(page).getByRole("button", { name: "Remove the image" }).scrollIntoViewIfNeeded();
  await screenshot(page, "image-form");
  await drawer(page).getByRole("button", { name: "Save" }).click();
  await notice(page, "saved").waitFor();
  const picture = row(page, product.name).locator("img");
  // Nothing larger than a screen needs is kept.
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([1200, 600]);
  await expectAccessible(page);
  await notice(page, "saved").getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await readProduct(product.id)).image).toBe(null);
  await picture.waitFor({ state: "detached" });
});

test("a picture that was taken away is not lost: the history shows it and brings it back", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product);
  const open = () => page.getByRole("link", { name: product.name }).click();
  const save = async () => {
    await drawer(page).getByRole("button", { name: "Save" }).click();
    await drawer(page).waitFor({ state: "detached" });
  };
  await open();
  await drawer(page).getByLabel("Choose an image").setInputFiles(photo(40, 30));
  await drawer(page).getByRole("button", { name: "Remove the image" }).waitFor();
  await save();
  const { image } = await readProduct(product.id);
  expect(image).toMatch(/^\/api\/images\/[0-9a-f]{32}\.webp$/);
  await open();
  await drawer(page).getByRole("button", { name: "Remove the image" }).click();
  await save();
  expect((await readProduct(product.id)).image).toBe(null);
  await open();
  await drawer(page).getByRole("tab", { name: "History" }).click();
  await expect.poll(() => drawer(page).locator(".history-changes img").count()).toBe(2);
  await drawer(page).getByRole("button", { name: "Restore version 2" }).click();
  await expect.poll(async () => (await readProduct(product.id)).image).toBe(image);
});

test("a file that is no picture is not sent and not shown as one", async () => {
  const product = await makeProduct();
  const page = await visitProduct(product);
  await page.getByRole("link", { name: product.name }).click();
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await drawer(page).getByLabel("Choose an image").setInputFiles({ name: "price.csv", mimeType: "image/png", buffer: Buffer.from("sku,price") });
  await drawer(page).getByText("This file is not an image that can be shown.").waitFor();
  expect(sent).toEqual([]);
  expect(await drawer(page).getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
});
