import { GitMerge } from "lucide-react";
import { useState } from "react";
import type { Product, ProductPatch } from "../api/types";
import { ago } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { fieldLabel, valueText } from "./describe";
import { differences, settle, type Choice, type FieldName } from "./fields";
import { Picture } from "./Picture";
import "kit/ui/states.css";

type Props = {
  base: Product;
  mine: ProductPatch;
  theirs: Product;
  busy: boolean;
  onBack: () => void;
  backLabel?: string;
  /** What is to be saved on top of `theirs`; nothing when all of theirs was taken. */
  onSettle: (changes: ProductPatch) => void;
};

/** Somebody else saved first: shows what they changed, and lets the editor choose field by field, or all at once. */
export function ConflictPanel({ base, mine, theirs, busy, onBack, backLabel, onSettle }: Props) {
  const { t, locale } = useLanguage();
  const rows = differences(base, mine, theirs);
  const clashes = rows.filter((row) => row.clash);
  const [choices, setChoices] = useState<Partial<Record<FieldName, Choice>>>({});
  const chooseAll = (choice: Choice) => setChoices(Object.fromEntries(clashes.map(({ field }) => [field, choice])));
  const undecided = clashes.filter(({ field }) => choices[field] === undefined).length;
  const text = (field: FieldName, value: unknown) => valueText(field, value, t, locale);
  const value = (field: FieldName, value: unknown) => (field === "image" && typeof value === "string" && value !== "" ? <Picture image={value} size="form" /> : text(field, value));

  return (
    <div className="drawer-form conflict">
      <div className="drawer-body">
        <div className="banner warning" role="alert">
          <GitMerge aria-hidden size={18} />
          <div>
            <strong>{t("conflict.title")}</strong>
            <p>{t(clashes.length > 0 ? "conflict.text" : "conflict.noClash", { when: ago(theirs.updated_at, locale) })}</p>
          </div>
        </div>
        {clashes.length > 1 && (
          <div className="conflict-all">
            <button type="button" className="button small" onClick={() => chooseAll("mine")}>
              {t("conflict.allMine")}
            </button>
            <button type="button" className="button small" onClick={() => chooseAll("theirs")}>
              {t("conflict.allTheirs")}
            </button>
          </div>
        )}
        {rows.map(({ field, base: before, mine: wanted, theirs: now, clash }) => (
          <fieldset key={field} className="conflict-field">
            <legend>{fieldLabel(field, t)}</legend>
            {field !== "image" && <p className="muted conflict-before">{t("conflict.before", { value: text(field, before) })}</p>}
            {clash ? (
              <div className="conflict-choices">
                {(["theirs", "mine"] as const).map((choice) => (
                  <label key={choice} className="choice" data-chosen={choices[field] === choice}>
                    <input type="radio" name={`conflict-${field}`} checked={choices[field] === choice} onChange={() => setChoices((all) => ({ ...all, [field]: choice }))} />
                    <span>
                      <small>{t(`conflict.${choice}`)}</small>
                      <span className="choice-value">{value(field, choice === "mine" ? wanted : now)}</span>
                    </span>
                  </label>
                ))}
              </div>
            ) : (
              <p className="conflict-settled">
                <small>{t(wanted === before || !(field in mine) ? "conflict.theirs" : "conflict.mine")}</small> {value(field, !(field in mine) ? now : wanted)}
              </p>
            )}
          </fieldset>
        ))}
      </div>
      <footer className="modal-foot">
        <button type="button" className="button" onClick={onBack}>
          {backLabel ?? t("conflict.back")}
        </button>
        <button type="button" className="button primary" disabled={busy || undecided > 0} onClick={() => onSettle(settle(mine, theirs, choices))}>
          {undecided > 0 ? t("conflict.decide", { count: undecided }) : t("conflict.save")}
        </button>
      </footer>
    </div>
  );
}
