import { useFigure } from "../api/queries";
import type { ProductCounts } from "../api/types";
import { useLanguage } from "../i18n";
import { amounts, integer } from "../view/format";
import { useView } from "../view/useView";
import { toggled } from "../view/view";
import { ExportButton } from "./ExportButton";
import { Panel } from "./Panel";

/** The products that were ordered most. */
export function TopProducts() {
  const { t, locale } = useLanguage();
  const { view, change } = useView();
  const products = useFigure<ProductCounts[]>("products", [["limit", "8"]]);
  return (
    <Panel query={products}>
      {({ data }) => {
        const most = Math.max(1, ...data.map((row) => row.quantity));
        return (
          <>
            <header className="panel-head">
              <h2>{t("overview.products")}</h2>
              <ExportButton call="products" name={t("overview.products")} />
            </header>
            {data.length === 0 ? (
              <p className="panel-empty">{t("chart.nothing")}</p>
            ) : (
              <table className="rows">
                <thead>
                  <tr>
                    <th scope="col">{t("subject.product")}</th>
                    <th scope="col" className="number">{t("products.views")}</th>
                    <th scope="col" className="number">{t("products.quantity")}</th>
                    <th scope="col" className="number wide-column">{t("metric.revenue")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((row) => (
                    <tr key={row.product}>
                      <th scope="row">
                        <span className="bar" style={{ inlineSize: `${(100 * row.quantity) / most}%` }} aria-hidden />
                        <button type="button" className="row-button" title={t("breakdown.only", { value: row.product })} onClick={() => change({ filters: toggled(view.filters, "product", row.product) })}>
                          {row.product}
                        </button>
                      </th>
                      <td className="number">{integer(row.views, locale)}</td>
                      <td className="number">{integer(row.quantity, locale)}</td>
                      <td className="number wide-column">{amounts(row.revenue, locale) || t("common.empty")}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </>
        );
      }}
    </Panel>
  );
}
