/** The conflict that waits for a decision, if any: an edit in the list that somebody else's edit overtook. */
import type { Product, ProductPatch } from "../api/types";
import { createStore } from "kit/store.ts";

export type Conflict = { base: Product; mine: ProductPatch; theirs: Product };

const open = createStore<Conflict | null>(null);
export const setConflict = open.set;
export const useConflict = open.use;
