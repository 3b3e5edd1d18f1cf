import { useSyncExternalStore } from "react";

const WIDE = globalThis.matchMedia?.("(min-width: 80rem)");

function subscribe(changed: () => void): () => void {
  WIDE?.addEventListener("change", changed);
  return () => WIDE?.removeEventListener("change", changed);
}

/** Whether the screen has room for the long form of words that stand inside of a control. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => WIDE?.matches ?? true);
}
