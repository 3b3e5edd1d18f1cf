import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { fieldLabel, valueText } from "../products/describe";
import type { EmptyCells } from "../api/client";
import type { ImportReport } from "../api/types";
import "kit/ui/field.css";

/** As many losses as are shown one by one. */
const SHOWN = 20;

/** Empty cells that would erase a text: what would be lost, and the question whether it shall be. */
export function EmptiedCells({ asked, choice, onChoose }: { asked: ImportReport; choice: EmptyCells | undefined; onChoose: (choice: EmptyCells) => void }) {
  const { t, locale } = useLanguage();
  const count = { count: asked.erased, shown: integer(asked.erased, locale) };
  const more = asked.erased - SHOWN;
  return (
    <section className="card import-emptied" role="alert">
      <h2>{t("import.emptied.title", count)}</h2>
      <ul>
        {asked.erases.slice(0, SHOWN).map(({ row, sku, name, field, text }) => (
          <li key={`${row}-${field}`}>
            {t("import.row")} {integer(row, locale)} · {name} <span className="sku">{sku}</span> · {fieldLabel(field, t)}: <del className="loss">{valueText(field, text, t, locale)}</del>
          </li>
        ))}
        {more > 0 && <li className="muted">{t("bulk.more", { count: more, shown: integer(more, locale) })}</li>}
      </ul>
      <fieldset>
        <legend className="visually-hidden">{t("import.emptied.title", count)}</legend>
        {(["keep", "erase"] as const).map((option) => (
          <label key={option} className="check-line">
            <input type="radio" name="emptied" checked={choice === option} onChange={() => onChoose(option)} />
            <span>{t(`import.emptied.${option}`, count)}</span>
          </label>
        ))}
      </fieldset>
    </section>
  );
}
