/** Work in hand, which a new build must not throw away: typed text, ticked rows, a call on its way. */
import { useEffect, useLayoutEffect, useRef } from "react";

const asked = new Set<() => boolean>();

export const isBusy = () => [...asked].some((ask) => ask());

/** While the component is mounted, `busy` says whether it holds work in hand. */
export function useBusy(busy: () => boolean): void {
  const latest = useRef(busy);
  useLayoutEffect(() => {
    latest.current = busy;
  });
  useEffect(() => {
    const ask = () => latest.current();
    asked.add(ask);
    return () => void asked.delete(ask);
  }, []);
}
