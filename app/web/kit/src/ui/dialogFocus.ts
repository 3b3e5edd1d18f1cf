import { useRef } from "react";

/**
 * Where the focus goes when a dialog opens: into its first field when it is there to be typed into, on the dialog itself
 * otherwise, so that its title is read out and no button is one key press away.
 */
function focusFirstField(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget ?? event.target;
  if (!(dialog instanceof HTMLElement)) return;
  const field = dialog.querySelector<HTMLElement>("[data-autofocus], .modal-body .field input");
  (field ?? dialog).focus();
}

/**
 * Focus handlers for a dialog that has no trigger of its own, because an address, a key or another component opens it:
 * the focus goes back to what had it before. `fallback` names what gets it when that is gone, as a closed menu's item is.
 */
export function useDialogFocus(fallback?: string) {
  const opener = useRef<Element | null>(null);
  opener.current ??= document.activeElement;
  return {
    onOpenAutoFocus: focusFirstField,
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      const before = opener.current;
      const usable = before instanceof HTMLElement && before !== document.body && before.isConnected;
      const target = usable ? before : (fallback && document.querySelector<HTMLElement>(fallback)) || document.getElementById("main");
      target?.focus();
    },
  };
}
