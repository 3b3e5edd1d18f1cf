import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { useLanguage } from "../i18n";
import { useDialogFocus } from "./dialogFocus";
import { onHandedOn } from "./escape";
import "./modal.css";

type Props = {
  title: string;
  /** One sentence under the title, read out with it. */
  text?: string | undefined;
  children: ReactNode;
  /** The row of buttons at the foot. */
  footer?: ReactNode;
  wide?: boolean;
  /** The children bring their own scrolling body and foot. */
  flush?: boolean;
  onClose: () => void;
};

/** A window over the page. Radix keeps the focus inside, closes on Escape and gives the focus back. */
export function Modal({ title, text, children, footer, wide = false, flush = false, onClose }: Props) {
  const { t } = useLanguage();
  const focus = useDialogFocus();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className={wide ? "modal wide" : "modal"} data-modal {...focus} onKeyDown={onHandedOn(onClose)} {...(text ? {} : { "aria-describedby": undefined })}>
          <header className="modal-head">
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label={t("common.close")}>
              <X aria-hidden size={18} />
            </Dialog.Close>
          </header>
          {flush ? (
            children
          ) : (
            <div className="modal-body">
              {text && <Dialog.Description className="modal-text">{text}</Dialog.Description>}
              {children}
            </div>
          )}
          {footer && <footer className="modal-foot">{footer}</footer>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
