import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useLanguage } from "../i18n";
import type { Checked } from "./validate";

type Props<V> = {
  /** What is edited, for screen readers: "Price of Oak table". */
  label: string;
  /** What the button shows. */
  children: ReactNode;
  /** What the field starts with. */
  text: string;
  editing: boolean;
  check: (typed: string) => Checked<V>;
  onStart: () => void;
  onStop: () => void;
  onSave: (value: V) => void;
  /** What an arrow key makes of the typed text, where stepping makes sense. */
  step?: (typed: string, by: 1 | -1) => string;
};

/** A value that becomes a field on click or Enter, saves on Enter or when left, and is left untouched by Escape. */
export function InlineEdit<V>(props: Props<V>) {
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  const backToButton = useRef(false);

  useEffect(() => {
    if (wasEditing.current && !props.editing && backToButton.current) button.current?.focus();
    backToButton.current = false;
    wasEditing.current = props.editing;
  }, [props.editing]);

  if (props.editing) return <Editor {...props} onKeyboardEnd={() => (backToButton.current = true)} />;
  return (
    <button ref={button} type="button" className="inline-value" aria-label={props.label} onClick={props.onStart}>
      {props.children}
    </button>
  );
}

function Editor<V>({ label, text, check, onStop, onSave, step, onKeyboardEnd }: Props<V> & { onKeyboardEnd: () => void }) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState(text);
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // Enter removes the field, which makes the browser report that it was left: that must not save a second time.
  const ended = useRef(false);
  const checked = check(typed);
  const complaint = shown && "complaint" in checked ? t(`complaint.${checked.complaint}`) : undefined;

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  const end = (save: boolean) => {
    if (ended.current) return;
    if (save && typed !== text) {
      if ("complaint" in checked) {
        setShown(true);
        return;
      }
      onSave(checked.value);
    }
    ended.current = true;
    onStop();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onKeyboardEnd();
      end(event.key === "Enter");
    } else if (step && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      setTyped(step(typed, event.key === "ArrowUp" ? 1 : -1));
    }
  };

  return (
    <span className={complaint ? "inline-editor invalid" : "inline-editor"}>
      <input
        ref={input}
        value={typed}
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-invalid={complaint ? true : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => end(true)}
      />
      {complaint && (
        <span className="inline-complaint" role="alert">
          {complaint}
        </span>
      )}
    </span>
  );
}
