/** The longest side of a picture as the catalogue keeps it, in pixels. */
const LONGEST = 1200;

/**
 * A picture made small enough to be sent and shown: at most 1,200 pixels on its longest side, as WebP where the browser
 * writes that. What a camera notes in a file, such as the place, does not go with it. `null` when the browser cannot read it.
 */
export async function smallImage(file: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, "image/webp", 0.86));
}
