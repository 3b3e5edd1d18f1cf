import { useEffect, useId, useRef, type FormEvent, type ReactNode } from "react";
import type { Problem } from "kit/api/problem.ts";
import { useShortcuts } from "../app/shortcuts";
import { currencySymbol } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { Field } from "kit/ui/Field.tsx";
import { problemDetail, problemText, problemTitle } from "kit/ui/problemText.ts";
import { FIELDS, type FieldName } from "./fields";
import { STATUSES } from "./listParams";
import { useCategories } from "./queries";
import { fieldErrorText } from "./fieldErrors";
import { ImageField } from "./ImageField";
import type { Draft } from "./draft";
import "kit/ui/states.css";

type Props = {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  /** A sentence per field, in the reader's language. */
  errors: Partial<Record<FieldName, string>>;
  /** A failure that is about no field. */
  problem?: Problem | undefined;
  readOnly?: boolean;
  /** A new product may leave the SKU to the API; one that exists has one. */
  creating?: boolean;
  onSubmit: () => void;
  /** Buttons under the fields; they stay in view. */
  footer: ReactNode;
  /** Counts up with every refused attempt, so that the focus moves to the first field that needs attention. */
  attempt: number;
};

/** The fields of a product. It knows how they look, not what becomes of them. */
export function ProductForm({ draft, onChange, errors, problem, readOnly = false, creating = false, onSubmit, footer, attempt }: Props) {
  const { t, locale } = useLanguage();
  const form = useRef<HTMLFormElement>(null);
  const list = useId();
  const categories = useCategories().data ?? [];

  useShortcuts({ save: (event) => (event.preventDefault(), form.current?.requestSubmit()) }, { modal: true });
  useEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!readOnly) onSubmit();
  };
  const text = (name: FieldName) => ({
    name,
    value: draft[name],
    readOnly,
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <form ref={form} className="drawer-form" onSubmit={submit} noValidate>
      <div className="drawer-body">
        {problem && (
          <div className="banner problem" role="alert">
            <strong>{problemTitle(problem, t)}</strong>
            {Object.keys(problem.fields).length > 0 ? (
              <p>{fieldErrorText(problem, FIELDS, t)}</p>
            ) : (
              <>
                <p>{problemText(problem, t)}</p>
                <small>{problemDetail(problem, t)}</small>
              </>
            )}
          </div>
        )}
        <Field label={t("fields.name")} error={errors.name}>
          {(props) => <input {...props} {...text("name")} autoComplete="off" maxLength={300} data-autofocus />}
        </Field>
        <div className="field-row">
          <Field label={t("fields.price")} error={errors.price}>
            {(props) => (
              <span className="affixed">
                <span aria-hidden>{currencySymbol(locale)}</span>
                <input {...props} {...text("price")} inputMode="decimal" autoComplete="off" />
              </span>
            )}
          </Field>
          <Field label={t("fields.stock")} error={errors.stock}>
            {(props) => <input {...props} {...text("stock")} inputMode="numeric" autoComplete="off" />}
          </Field>
        </div>
        <div className="field-row">
          <Field label={t("fields.category")} optional={t("form.optional")} error={errors.category}>
            {(props) => (
              <>
                <input {...props} {...text("category")} list={list} autoComplete="off" />
                <datalist id={list}>
                  {categories.map(({ category }) => (
                    <option key={category} value={category} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
          <Field label={t("fields.status")} error={errors.status}>
            {(props) => (
              <select {...props} className="select" name="status" value={draft.status} disabled={readOnly} onChange={(event) => onChange({ status: event.target.value })}>
                {STATUSES.map((status) => (
                  <option key={status} value={status}>
                    {t(`status.${status}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Field label={t("fields.sku")} optional={creating ? t("form.optional") : undefined} hint={creating ? t("form.skuHint") : undefined} error={errors.sku}>
          {(props) => <input {...props} {...text("sku")} className="mono" autoComplete="off" spellCheck={false} />}
        </Field>
        <Field label={t("fields.description")} optional={t("form.optional")} error={errors.description}>
          {(props) => <textarea {...props} {...text("description")} rows={6} />}
        </Field>
        <ImageField image={draft.image} error={errors.image} readOnly={readOnly} onChange={(image) => onChange({ image })} />
      </div>
      <footer className="modal-foot">{footer}</footer>
    </form>
  );
}
