import { useId, type ReactNode } from "react";
import "./field.css";

export type ControlProps = { id: string; "aria-invalid": true | undefined; "aria-describedby": string | undefined };

type Props = {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: string | undefined;
  children: (props: ControlProps) => ReactNode;
};

/** A labelled control with its hint and its error, tied together for screen readers. */
export function Field({ label, hint, error, optional, children }: Props) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={error ? "field invalid" : "field"}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="optional">{optional}</span>}
      </label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": described || undefined })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
