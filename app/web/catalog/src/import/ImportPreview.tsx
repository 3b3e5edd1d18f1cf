import { Download } from "lucide-react";
import type { ImportReport } from "../api/types";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { sentenceFor } from "../products/fieldErrors";
import { Change, fieldLabel, inFormOrder } from "../products/describe";
import { download } from "../products/download";
import { separators } from "kit/format/decimal.ts";
import { separatorsOf, toCsv } from "./csv";

/** A cell that a spreadsheet would run as a formula is shown as text instead. */
const inert = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const ACTIONS = ["create", "update", "unchanged"] as const;

function actionOf(row: { action: string }) {
  return ACTIONS.find((action) => action === row.action) ?? "unchanged";
}

/** What the dry run found: totals, what must be corrected, and the first rows with their effect. */
export function ImportPreview({ report }: { report: ImportReport }) {
  const { t, locale } = useLanguage();
  const totals = (["created", "updated", "unchanged"] as const).map((name) => ({ name, value: report[name] }));
  const errors = report.errors.map((error) => ({ ...error, sentence: sentenceFor(error.code, error.error, t) }));
  const save = () => {
    const titles = [t("import.row"), t("fields.sku"), t("import.field"), t("import.value"), t("import.error")];
    const lines = errors.map(({ row, sku, field, value, sentence }) => [String(row), sku, field, value, sentence].map(inert));
    download(toCsv([titles, ...lines], separatorsOf(separators(locale).decimal)), "import-errors.csv");
  };
  return (
    <>
      <dl className="totals">
        {totals.map(({ name, value }) => (
          <div key={name} className={`card total ${name}`}>
            <dt>{t(`import.totals.${name}`)}</dt>
            <dd>{integer(value, locale)}</dd>
          </div>
        ))}
        <div className="card total errors" data-any={report.errors.length > 0}>
          <dt>{t("import.totals.errors")}</dt>
          <dd>{integer(report.errors.length, locale)}</dd>
        </div>
      </dl>

      {report.errors.length > 0 && (
        <section className="card import-errors">
          <div className="import-errors-head">
            <h2>{t("import.errors")}</h2>
            <button type="button" className="button small" onClick={save}>
              <Download aria-hidden size={15} />
              {t("import.saveErrors")}
            </button>
          </div>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("import.row")}</th>
                <th scope="col">{t("fields.sku")}</th>
                <th scope="col">{t("import.field")}</th>
                <th scope="col">{t("import.value")}</th>
                <th scope="col">{t("import.error")}</th>
              </tr>
            </thead>
            <tbody>
              {errors.map(({ row, field, sku, value, sentence }) => (
                <tr key={`${row}-${field}-${sentence}`}>
                  <td>{integer(row, locale)}</td>
                  <td className="sku">{sku}</td>
                  <td>{field ? fieldLabel(field, t) : t("common.empty")}</td>
                  <td className="import-value">{value}</td>
                  <td>{sentence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}

      {report.preview.length > 0 && (
        <section className="card import-preview">
          <h2>{t("import.preview")}</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("import.row")}</th>
                <th scope="col">{t("import.effect")}</th>
                <th scope="col">{t("fields.name")}</th>
                <th scope="col">{t("import.changes")}</th>
              </tr>
            </thead>
            <tbody>
              {report.preview.map((row) => (
                <tr key={row.row}>
                  <td>{integer(row.row, locale)}</td>
                  <td>
                    <span className={`badge import-${row.action}`}>{t(`import.actions.${actionOf(row)}`)}</span>
                  </td>
                  <td>
                    {row.name} <span className="sku">{row.sku}</span>
                  </td>
                  <td>
                    <ul className="import-changes">
                      {inFormOrder(row.changes ?? {}).map(([field, [from, to]]) => (
                        <li key={field}>
                          <Change field={field} from={from} to={to} fresh={row.action === "create"} />
                        </li>
                      ))}
                    </ul>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
