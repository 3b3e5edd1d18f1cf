/** What the keys do in the catalogue. */
import { COMMON_KEYS, useKeys, type Handlers } from "kit/shell/shortcuts.ts";

/** Keys per action, as shown in the help and in README.md. */
export const KEYS = {
  ...COMMON_KEYS,
  search: ["/"],
  create: ["n"],
  down: ["j", "ArrowDown"],
  up: ["k", "ArrowUp"],
  open: ["Enter"],
  select: ["x"],
  selectAll: ["a"],
  editPrice: ["p"],
  editStock: ["s"],
  remove: ["Delete"],
  nextPage: ["]"],
  previousPage: ["["],
  goProducts: ["g p"],
  goOrders: ["g o"],
  goImport: ["g i"],
} as const;

export type Action = keyof typeof KEYS;

/** Answers the catalogue's keys while the component is mounted. `modal` handlers belong to an open dialog. */
export const useShortcuts = (handlers: Handlers<Action>, options?: { modal?: boolean }) => useKeys<Action>(KEYS, handlers, options);
