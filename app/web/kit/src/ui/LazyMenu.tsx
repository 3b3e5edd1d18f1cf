import { cloneElement, createContext, Suspense, useState, type ButtonHTMLAttributes, type ReactElement, type ReactNode } from "react";
import { StandIn } from "../loading/part";

type Trigger = ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;

type Props = {
  trigger: Trigger;
  popup: "menu" | "dialog";
  /** The lazily loaded menu, given its trigger; it opens as soon as it is there. */
  children: (trigger: Trigger) => ReactNode;
};

/** Whether the menu that stands here for the first time was asked for by key: then its first item has the focus. */
export const OpenedByKey = createContext(false);

/**
 * A menu whose code arrives when it is first opened. Until then its button is all there is, which also keeps a hundred
 * rows from mounting a hundred menus.
 */
export function LazyMenu({ trigger, popup, children }: Props) {
  const [wanted, setWanted] = useState<"key" | "pointer">();
  if (wanted === undefined) {
    return cloneElement(trigger, {
      "aria-haspopup": popup,
      "aria-expanded": false,
      // Enter and Space come as a click that no pointer made.
      onClick: (event) => setWanted(event.detail === 0 ? "key" : "pointer"),
      onKeyDown: (event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        setWanted("key");
      },
    });
  }
  return (
    <OpenedByKey value={wanted === "key"}>
      <StandIn value={(retry) => cloneElement(trigger, { onClick: retry })}>
        <Suspense fallback={trigger}>{children(trigger)}</Suspense>
      </StandIn>
    </OpenedByKey>
  );
}
