import type { ImportReport } from "../api/types";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { sentenceFor } from "../products/fieldErrors";
import { Change, fieldLabel } from "../products/describe";

const ACTIONS = ["create", "update", "unchanged"] as const;

function actionOf(row: { action: string }) {
  return ACTIONS.find((action) => action === row.action) ?? "unchanged";
}

/** What the dry run found: totals, what must be corrected, and the first rows with their effect. */
export function ImportPreview({ report }: { report: ImportReport }) {
  const { t, locale } = useLanguage();
  const totals = (["created", "updated", "unchanged"] as const).map((name) => ({ name, value: report[name] }));
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
          <h2>{t("import.errors")}</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("import.row")}</th>
                <th scope="col">{t("import.field")}</th>
                <th scope="col">{t("import.error")}</th>
              </tr>
            </thead>
            <tbody>
              {report.errors.map((error) => (
                <tr key={`${error.row}-${error.field ?? ""}-${error.error}`}>
                  <td>{integer(error.row, locale)}</td>
                  <td>{error.field ? fieldLabel(error.field, t) : t("common.empty")}</td>
                  <td>{sentenceFor(error.code, error.error, t)}</td>
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
                      {Object.entries(row.changes ?? {}).map(([field, [from, to]]) => (
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
