import type { RefObject } from "react";
import type { Product } from "../api/types";
import { useShortcuts } from "../app/shortcuts";
import type { Rights } from "../app/useSession";
import type { Editing } from "./cells";
import { nextPage, previousPage } from "./paging";
import { focusRow, rowAt } from "./rowFocus";
import type { Place } from "./usePlace";
import type { Selection } from "./useSelection";

type Keyboard = {
  place: Place;
  products: readonly Product[];
  next: string | null;
  rights: Rights;
  selection: Selection;
  searchBox: RefObject<HTMLInputElement | null>;
  setEditing: (editing: Editing) => void;
  remove: (product: Product) => void;
};

/** The list's part of the keyboard. Row keys act on the row that has the focus. */
export function useListShortcuts({ place, products, next, rights, selection, searchBox, setEditing, remove }: Keyboard): void {
  const focused = () => products.find((product) => product.id === rowAt(document.activeElement));
  const onRow = (act: (product: Product) => void) => (event: KeyboardEvent) => {
    const product = focused();
    if (!product) return;
    event.preventDefault();
    act(product);
  };
  const move = (by: 1 | -1) => (event: KeyboardEvent) => {
    const row = rowAt(document.activeElement);
    // Arrows scroll the page until the focus is in the list; letters may enter it.
    if (row === undefined && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    focusRow(row, by);
  };
  const previous = previousPage(place.params, place.cursors);
  useShortcuts({
    search: (event) => {
      event.preventDefault();
      searchBox.current?.focus();
      searchBox.current?.select();
    },
    create: (event) => {
      if (!rights.write) return;
      event.preventDefault();
      place.open("/products/new");
    },
    down: move(1),
    up: move(-1),
    select: onRow((product) => selection.toggle(product)),
    selectAll: () => selection.set(products, !products.every((product) => selection.has(product.id))),
    editPrice: onRow((product) => rights.write && setEditing({ id: product.id, field: "price" })),
    editStock: onRow((product) => rights.write && setEditing({ id: product.id, field: "stock" })),
    remove: onRow((product) => rights.write && remove(product)),
    nextPage: () => next !== null && place.go(nextPage(place.params, place.cursors, next)),
    previousPage: () => previous && place.go(previous),
  });
}
