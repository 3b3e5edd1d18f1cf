import { cloneElement, Suspense, useState, type ButtonHTMLAttributes, type ReactElement, type ReactNode } from "react";

type Trigger = ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;

type Props = {
  trigger: Trigger;
  popup: "menu" | "dialog";
  /** The lazily loaded menu, given its trigger; it opens as soon as it is there. */
  children: (trigger: Trigger) => ReactNode;
};

/**
 * A menu whose code arrives when it is first opened. Until then its button is all there is, which also keeps a hundred
 * rows from mounting a hundred menus.
 */
export function LazyMenu({ trigger, popup, children }: Props) {
  const [wanted, setWanted] = useState(false);
  if (!wanted) {
    return cloneElement(trigger, {
      "aria-haspopup": popup,
      "aria-expanded": false,
      onClick: () => setWanted(true),
      onKeyDown: (event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        setWanted(true);
      },
    });
  }
  return <Suspense fallback={trigger}>{children(trigger)}</Suspense>;
}
