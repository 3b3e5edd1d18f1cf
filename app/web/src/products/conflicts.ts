/** The conflict that waits for a decision, if any: an edit in the list that somebody else's edit overtook. */
import { useSyncExternalStore } from "react";
import type { Product, ProductPatch } from "../api/types";

export type Conflict = { base: Product; mine: ProductPatch; theirs: Product };

let open: Conflict | null = null;
const listeners = new Set<() => void>();

export function setConflict(next: Conflict | null): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConflict(): Conflict | null {
  return useSyncExternalStore(subscribe, () => open);
}
