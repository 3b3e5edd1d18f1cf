/** Work in hand, which a new build must not throw away: typed text, ticked rows, a call on its way. */
import { useEffect } from "react";

const held = new Set<object>();

export const isBusy = () => held.size > 0;

/** Counts as work in hand while the component is mounted and `active`. */
export function useBusy(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const mark = {};
    held.add(mark);
    return () => void held.delete(mark);
  }, [active]);
}
