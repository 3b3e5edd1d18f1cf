/** The keyboard: tables of what the keys do, and the hook by which screens answer them. */
import { useEffect, useLayoutEffect, useRef } from "react";
import { preferences } from "./preferences";

/**
 * Keys per action. A key of one character acts only outside of text fields and when the reader has not turned single keys
 * off (WCAG 2.1.4); `g p` is one key after the other; `Mod` is Control, or Command on a Mac.
 */
export type Keys<A extends string> = Record<A, readonly string[]>;

/** What the keys do in every application. */
export const COMMON_KEYS = { undo: ["u", "Mod+z"], help: ["?"], save: ["Mod+Enter"] } as const satisfies Keys<string>;

/** An action and its keys, as the help lists them. */
export type KeyLine = { label: string; keys: readonly string[] };
export type KeyGroup = { title: string; lines: KeyLine[] };

/** How long the first key of a sequence such as `g p` waits for the second. */
const SEQUENCE_MS = 1_200;

export type Handlers<A extends string> = Partial<Record<A, (event: KeyboardEvent) => void>>;

const inText = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !(target instanceof HTMLInputElement && /^(checkbox|radio|button|submit)$/.test(target.type));

/** The action a key press stands for, given the pending first key of a sequence. */
export function actionFor<A extends string>(all: Keys<A>, event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">, pending: string, singleKeys: boolean): A | undefined {
  if (event.altKey) return undefined;
  const pressed = event.ctrlKey || event.metaKey ? `Mod+${event.key}` : event.key;
  const sequence = pending === "" ? pressed : `${pending} ${pressed}`;
  for (const [action, keys] of Object.entries(all) as [A, readonly string[]][]) {
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

/** Answers the keys of a table while the component is mounted. `modal` handlers belong to an open dialog. */
export function useKeys<A extends string>(all: Keys<A>, handlers: Handlers<A>, options: { modal?: boolean } = {}): void {
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
      const action = actionFor(all, event, pending, preferences().singleKeys);
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
  }, [modal, all]);
}
