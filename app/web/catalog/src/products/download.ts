/** Hands a file to the browser. The call that fetched it says why when it fails, which a plain link could not. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then; until then the address must stay valid.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
