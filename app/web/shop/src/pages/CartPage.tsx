import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { Link } from "react-router";
import { money, sum } from "../cart/amounts";
import { MOST, setQuantity, useCart, type CartLine } from "../cart/cart";
import { useLanguage } from "../i18n";
import { BackToProducts, Picture } from "../parts";

function Line({ line }: { line: CartLine }) {
  const { t, locale } = useLanguage();
  const choices = Array.from({ length: Math.min(MOST, Math.max(10, line.quantity)) }, (_, index) => index + 1);
  return (
    <li className="cart-line">
      <Picture image={line.image} size="line" />
      <div className="cart-name">
        <Link to={`/product/${line.product}`}>{line.name}</Link>
        <p className="muted">{t("cart.each", { price: money(line.price, line.currency, locale) })}</p>
      </div>
      <select className="select" aria-label={t("cart.quantityOf", { name: line.name })} value={line.quantity} onChange={(event) => setQuantity(line.product, Number(event.target.value))}>
        {choices.map((number) => (
          <option key={number} value={number}>
            {number.toLocaleString(locale)}
          </option>
        ))}
      </select>
      <strong className="cart-sum">{money(sum([line]), line.currency, locale)}</strong>
      <button type="button" className="button quiet" aria-label={t("cart.removeNamed", { name: line.name })} onClick={() => setQuantity(line.product, 0)}>
        {t("cart.remove")}
      </button>
    </li>
  );
}

/** What is to be bought. */
export default function CartPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("cart.title"));
  const lines = useCart();
  const [first] = lines;
  if (!first) {
    return (
      <div className="page">
        <Placeholder heading="h1" title={t("cart.empty")} text={t("cart.emptyText")} action={<BackToProducts label={t("product.back")} />} />
      </div>
    );
  }
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{t("cart.title")}</h1>
      </div>
      <ul className="card cart">
        {lines.map((line) => (
          <Line key={line.product} line={line} />
        ))}
      </ul>
      <div className="cart-end">
        <p className="cart-total">
          {t("cart.total")} <strong>{money(sum(lines), first.currency, locale)}</strong>
        </p>
        <Link to="/checkout" className="button primary">
          {t("cart.checkout")}
        </Link>
      </div>
    </div>
  );
}
