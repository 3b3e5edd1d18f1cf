import type { ReactNode } from "react";
import { useLanguage } from "../i18n";

export type Column<R> = { name: string; cell: (row: R) => ReactNode; /** Left out where there is little room. */ wide?: boolean };

type Props<R> = { caption: string; rows: readonly R[]; head: string; id: (row: R) => string; first: (row: R) => ReactNode; bar?: (row: R) => number; columns: readonly Column<R>[] };

/** A table of numbers; the first column bears a bar. */
export function Rows<R>({ caption, rows, head, id, first, bar, columns }: Props<R>) {
  const { t } = useLanguage();
  if (rows.length === 0) return <p className="panel-empty">{t("chart.nothing")}</p>;
  const most = Math.max(1, ...rows.map((row) => bar?.(row) ?? 0));
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={caption}>
      <table className="rows">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {columns.map(({ name, wide }) => (
              <th key={name} scope="col" className={wide ? "number wide-column" : "number"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)}>
              <th scope="row">
                {bar && <span className="bar" style={{ inlineSize: `${(100 * bar(row)) / most}%` }} aria-hidden />}
                <span className="row-text">{first(row)}</span>
              </th>
              {columns.map(({ name, cell, wide }) => (
                <td key={name} className={wide ? "number wide-column" : "number"}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
