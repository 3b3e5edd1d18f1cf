import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { useLanguage } from "../i18n";
import { useDialogFocus } from "./dialogFocus";
import { onHandedOn } from "./escape";
import "./modal.css";

type Props = {
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  /** What gets the focus when the drawer closes and what had it before is gone: a selector. */
  returnTo?: string;
  /** Asks to close: Escape, the cross, a click beside it. The owner may refuse by not unmounting. */
  onClose: () => void;
};

/** A panel at the side of the page, for one product; the list stays visible behind it. */
export function Drawer({ title, subtitle, children, returnTo, onClose }: Props) {
  const { t } = useLanguage();
  const focus = useDialogFocus(returnTo);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="drawer" data-modal {...focus} onKeyDown={onHandedOn(onClose)} aria-describedby={undefined}>
          <header className="modal-head">
            <div>
              <Dialog.Title>{title}</Dialog.Title>
              {subtitle && <p className="muted drawer-subtitle">{subtitle}</p>}
            </div>
            <Dialog.Close className="icon-button" aria-label={t("common.close")}>
              <X aria-hidden size={18} />
            </Dialog.Close>
          </header>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
