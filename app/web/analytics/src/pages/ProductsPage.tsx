import { useFigure } from "../api/queries";
import type { Carts, Pair, ProductCounts } from "../api/types";
import { useLanguage } from "../i18n";
import { ExportButton } from "../parts/ExportButton";
import { Page } from "../parts/Page";
import { Panel } from "../parts/Panel";
import { Rows } from "../parts/Rows";
import { amounts, integer, rate } from "../view/format";

/** Products from the first look over the cart to the order, and what is bought together. */
export default function ProductsPage() {
  const { t, locale } = useLanguage();
  const products = useFigure<ProductCounts[]>("products", [["limit", "50"]]);
  const pairs = useFigure<Pair[]>("together", [["limit", "15"]]);
  const carts = useFigure<Carts>("carts");
  const number = (value: number) => integer(value, locale);
  const share = (value: string | null | undefined) => (value ? rate(value, locale) : t("common.empty"));
  return (
    <Page title={t("products.title")} answer={products.data}>
      <Panel query={carts} className="headline">
        {({ data }) => (
          <>
            <header className="panel-head">
              <h2>{t("products.carts")}</h2>
            </header>
            <dl className="facts">
              {(["opened", "bought", "recovered", "emptied", "abandoned", "open"] as const).map((one) => (
                <div key={one}>
                  <dt>{t(`carts.${one}`)}</dt>
                  <dd>{number(data[one])}</dd>
                </div>
              ))}
              <div>
                <dt>{t("carts.value")}</dt>
                <dd>{amounts(data.value, locale) || t("common.empty")}</dd>
              </div>
            </dl>
          </>
        )}
      </Panel>
      <Panel query={products}>
        {({ data }) => (
          <>
            <header className="panel-head">
              <h2>{t("products.list")}</h2>
              <ExportButton call="products" name={t("products.list")} />
            </header>
            <Rows
              caption={t("products.list")}
              rows={data}
              id={(row) => row.product}
              head={t("subject.product")}
              first={(row) => row.product}
              bar={(row) => row.views}
              columns={[
                { name: t("products.views"), cell: (row) => number(row.views) },
                { name: t("products.toCart"), cell: (row) => number(row.carts) },
                { name: t("products.cartRate"), cell: (row) => share(row.cart_rate), wide: true },
                { name: t("products.removed"), cell: (row) => number(row.removed), wide: true },
                { name: t("metric.orders"), cell: (row) => number(row.orders) },
                { name: t("products.orderRate"), cell: (row) => share(row.order_rate), wide: true },
                { name: t("products.quantity"), cell: (row) => number(row.quantity), wide: true },
                { name: t("metric.revenue"), cell: (row) => amounts(row.revenue, locale) || t("common.empty") },
              ]}
            />
          </>
        )}
      </Panel>
      <Panel query={pairs}>
        {({ data }) => (
          <>
            <header className="panel-head">
              <h2>{t("products.together")}</h2>
              <ExportButton call="together" name={t("products.together")} />
            </header>
            <Rows caption={t("products.together")} rows={data} id={(row) => `${row.first} ${row.second}`} head={t("products.pair")} first={(row) => `${row.first} + ${row.second}`} bar={(row) => row.orders} columns={[{ name: t("metric.orders"), cell: (row) => number(row.orders) }]} />
          </>
        )}
      </Panel>
    </Page>
  );
}
