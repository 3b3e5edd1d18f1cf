/** The keyboard: one table of what the keys do, and the hook by which screens answer them. */
import { useEffect, useLayoutEffect, useRef } from "react";
import { preferences } from "./preferences";

export type Action =
  | "search"
  | "create"
  | "down"
  | "up"
  | "open"
  | "select"
  | "selectAll"
  | "editPrice"
  | "editStock"
  | "remove"
  | "nextPage"
  | "previousPage"
  | "undo"
  | "goProducts"
  | "goImport"
  | "help"
  | "save";

/**
 * Keys per action, as shown in the help and in README.md. A key of one character acts only outside of text fields and
 * when the reader has not turned single keys off (WCAG 2.1.4); `Mod` is Control, or Command on a Mac.
 */
export const KEYS: Record<Action, readonly string[]> = {
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
  undo: ["u", "Mod+z"],
  goProducts: ["g p"],
  goImport: ["g i"],
  help: ["?"],
  save: ["Mod+Enter"],
};

/** How long the first key of a sequence such as `g p` waits for the second. */
const SEQUENCE_MS = 1_200;

export type Handlers = Partial<Record<Action, (event: KeyboardEvent) => void>>;

const inText = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !(target instanceof HTMLInputElement && /^(checkbox|radio|button|submit)$/.test(target.type));

/** The action a key press stands for, given the pending first key of a sequence. */
export function actionFor(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">, pending: string, singleKeys: boolean): Action | undefined {
  if (event.altKey) return undefined;
  const pressed = event.ctrlKey || event.metaKey ? `Mod+${event.key}` : event.key;
  const sequence = pending === "" ? pressed : `${pending} ${pressed}`;
  for (const [action, keys] of Object.entries(KEYS) as [Action, readonly string[]][]) {
    const hit = keys.find((key) => key === sequence);
    if (hit === undefined) continue;
    if (!singleKeys && (hit.length === 1 || hit.includes(" "))) return undefined;
    return action;
  }
  return undefined;
}

/** Whether something modal is open: then only the handlers inside of it act. */
function modalOpen(): boolean {
  return document.querySelector('[role="dialog"][data-modal], [role="alertdialog"], [role="menu"]') !== null;
}

/** Answers the keys while the component is mounted. `modal` handlers belong to an open dialog. */
export function useShortcuts(handlers: Handlers, options: { modal?: boolean } = {}): void {
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  const modal = options.modal === true;

  useEffect(() => {
    let pending = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = () => {
      pending = "";
      clearTimeout(timer);
    };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || (!modal && modalOpen())) return;
      const withModifier = event.ctrlKey || event.metaKey;
      const typing = inText(event.target);
      // Mod+Enter saves from within a field; every other key belongs to the field itself.
      if (typing && !(withModifier && event.key === "Enter")) return;
      const action = actionFor(event, pending, preferences().singleKeys);
      if (action === undefined) {
        const startsSequence = pending === "" && event.key === "g" && !withModifier && preferences().singleKeys;
        forget();
        if (startsSequence) {
          pending = "g";
          timer = setTimeout(forget, SEQUENCE_MS);
        }
        return;
      }
      forget();
      const handler = latest.current[action];
      if (!handler) return;
      handler(event);
    };
    document.addEventListener("keydown", listen);
    return () => {
      forget();
      document.removeEventListener("keydown", listen);
    };
  }, [modal]);
}
