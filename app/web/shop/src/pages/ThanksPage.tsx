import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { useParams } from "react-router";
import { lastOrder } from "../cart/cart";
import { useLanguage } from "../i18n";
import { BackToProducts, Summary } from "../parts";

/** The confirmation of an order; its lines are shown in the browser that ordered. */
export default function ThanksPage() {
  const { t } = useLanguage();
  usePageTitle(t("thanks.title"));
  const { number = "" } = useParams();
  const last = lastOrder();
  const order = last?.number === number ? last : null;
  return (
    <div className="page narrow thanks">
      <h1>{t("thanks.title")}</h1>
      <p className="order-number">{t("thanks.number", { number: number.slice(0, 10) })}</p>
      <p>{t("thanks.text")}</p>
      {order && (
        <section className="card checkout-summary">
          <Summary lines={order.lines} currency={order.currency} />
        </section>
      )}
      <BackToProducts label={t("thanks.on")} />
    </div>
  );
}
