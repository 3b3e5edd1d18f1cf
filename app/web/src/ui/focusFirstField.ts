/**
 * Where the focus goes when a dialog opens: into its first field when it is there to be typed into, on the dialog itself
 * otherwise, so that its title is read out and no button is one key press away.
 */
export function focusFirstField(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget ?? event.target;
  if (!(dialog instanceof HTMLElement)) return;
  const field = dialog.querySelector<HTMLElement>("[data-autofocus], .modal-body .field input");
  (field ?? dialog).focus();
}
