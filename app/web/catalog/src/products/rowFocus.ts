/** Moving the focus through the rows of the product table. A row is reached by the link that is its product's name. */

/** The product whose row holds this element. */
export function rowAt(element: Element | null): number | undefined {
  const row = element?.closest<HTMLElement>("[data-row]")?.dataset.row;
  return row === undefined ? undefined : Number(row);
}

/** Focuses the row `by` rows away from this product's, or the first one; stays within the table. */
export function focusRow(from: number | undefined, by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-row] .product-link")];
  const index = links.findIndex((link) => Number(link.dataset.product) === from);
  const target = index === -1 ? links[0] : (links[index + by] ?? links[index]);
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

/** Before a row goes: the focus moves to its neighbour, so that it is not lost with the row. */
export function leaveRow(id: number): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-row] .product-link")];
  const index = links.findIndex((link) => Number(link.dataset.product) === id);
  const neighbour = links[index + 1] ?? links[index - 1];
  (neighbour ?? document.getElementById("main"))?.focus();
}
