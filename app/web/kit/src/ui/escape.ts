/**
 * Escape belongs to what has the focus. Radix gives it to the layer that came last, and a notice that comes while a menu or a
 * window is open is such a layer: it hands the key on.
 */
import type { KeyboardEvent as ReactKeyboardEvent } from "react";

const handedOn = new WeakSet<Event>();

/** A notice's part: it keeps the key only when the focus is in the notices. */
export function handOnEscape(event: KeyboardEvent): void {
  if (document.activeElement?.closest(".notices")) return;
  event.preventDefault();
  handedOn.add(event);
}

/** The part of a menu or a window: it closes by the key that a notice handed on. */
export function onHandedOn(close: () => void): (event: ReactKeyboardEvent) => void {
  return (event) => {
    if (!handedOn.has(event.nativeEvent)) return;
    event.stopPropagation();
    close();
  };
}
