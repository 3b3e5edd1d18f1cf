import { useBusy } from "kit/loading/busy.ts";
import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { useLanguage } from "../i18n";
import "./leave-question.css";

export type Guard = {
  /** Closes, or asks first when something typed would be lost. */
  close: () => void;
  /** Closes without asking: what was typed is saved, or given up. */
  leave: () => void;
  /** Whether `leave` was called: what is unmounted after it is not lost. */
  left: RefObject<boolean>;
  asking: boolean;
  question: ReactNode;
};

/**
 * Asks before typed text is thrown away by the cross, by Escape, by a click beside the drawer or by leaving the site. `dirty` is read
 * when it matters: a key press may follow the typing before React has rendered anew.
 */
export function useLeaveGuard(dirty: RefObject<boolean>, onLeave: () => void): Guard {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  const left = useRef(false);
  const keep = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (asking) keep.current?.focus();
  }, [asking]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (dirty.current && !left.current) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);

  useBusy(() => dirty.current && !left.current);

  const leave = () => {
    left.current = true;
    onLeave();
  };
  const stay = () => {
    setAsking(false);
    document.querySelector<HTMLElement>("[data-autofocus]")?.focus();
  };
  return {
    // A second Escape answers the question: keep editing.
    close: () => (asking ? stay() : dirty.current ? setAsking(true) : leave()),
    leave,
    left,
    asking,
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
