/** What the keys do in the dashboard. */
import { COMMON_KEYS, useKeys, type Handlers } from "kit/shell/shortcuts.ts";

/** Keys per action, as shown in the help and in README.md. */
export const KEYS = {
  ...COMMON_KEYS,
  filter: ["f"],
  goOverview: ["g o"],
  goProducts: ["g p"],
  goSearch: ["g s"],
  goFunnel: ["g f"],
  goRetention: ["g r"],
  goJourneys: ["g j"],
  goLive: ["g l"],
  goData: ["g d"],
} as const;

export type Action = keyof typeof KEYS;

export const useShortcuts = (handlers: Handlers<Action>) => useKeys<Action>(KEYS, handlers);
