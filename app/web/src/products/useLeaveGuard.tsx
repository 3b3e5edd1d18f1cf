import { useEffect, useRef, useState, type ReactNode } from "react";
import { useBlocker } from "react-router";
import { useLanguage } from "../i18n";

type Guard = {
  /** Closes, or asks first when something typed would be lost. */
  close: () => void;
  /** Closes without asking: what was typed is saved. */
  leave: () => void;
  asking: boolean;
  question: ReactNode;
};

/** Keeps typed text from being lost: by the cross, by Escape, by the back button and by leaving the site. */
export function useLeaveGuard(dirty: boolean, onLeave: () => void): Guard {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  const allowed = useRef(false);
  const keep = useRef<HTMLButtonElement>(null);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && !allowed.current && currentLocation.pathname !== nextLocation.pathname);

  const blocked = blocker.state === "blocked";
  useEffect(() => {
    if (asking || blocked) keep.current?.focus();
  }, [asking, blocked]);
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);

  const leave = () => {
    allowed.current = true;
    if (blocker.state === "blocked") blocker.proceed();
    else onLeave();
  };
  const stay = () => {
    setAsking(false);
    if (blocker.state === "blocked") blocker.reset();
    document.querySelector<HTMLElement>("[data-autofocus]")?.focus();
  };
  return {
    // A second Escape answers the question: keep editing.
    close: () => (asking || blocked ? stay() : dirty ? setAsking(true) : leave()),
    leave,
    asking: asking || blocked,
    question: (
      <div className="leave-question" role="alert">
        <span>{t("form.unsaved")}</span>
        <button type="button" className="button danger" onClick={leave}>
          {t("form.discard")}
        </button>
        <button ref={keep} type="button" className="button primary" onClick={stay}>
          {t("form.keepEditing")}
        </button>
      </div>
    ),
  };
}
