import { useQuery } from "@tanstack/react-query";
import { asProblem } from "kit/api/problem.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import { Field } from "kit/ui/Field.tsx";
import { ShoppingCart } from "lucide-react";
import { useEffect, useState, type FormEvent } from "react";
import { Link, useParams } from "react-router";
import { getOffer, type Offer } from "../api/client";
import { money } from "../cart/amounts";
import { add, MOST } from "../cart/cart";
import { useLanguage } from "../i18n";
import { BackToProducts, Picture } from "../parts";
import { track } from "../tracker";

function Buy({ offer }: { offer: Offer }) {
  const { t, locale } = useLanguage();
  const [typed, setTyped] = useState("1");
  const [inCart, setInCart] = useState<number>();
  const most = Math.min(offer.available, MOST);
  const buy = (event: FormEvent) => {
    event.preventDefault();
    const quantity = Number(typed);
    if (Number.isInteger(quantity) && quantity > 0) setInCart(add(offer, Math.min(quantity, most)));
  };
  if (offer.available === 0) return <p className="badge stock-out">{t("product.soldOut")}</p>;
  return (
    <>
      <p className={offer.available < 10 ? "badge stock-low" : "badge status-active"}>{offer.available < 10 ? t("product.few", { number: offer.available.toLocaleString(locale) }) : t("product.there")}</p>
      <form className="buy" onSubmit={buy}>
        <Field label={t("product.quantity")}>{(props) => <input {...props} type="number" inputMode="numeric" min={1} max={most} required value={typed} onChange={(event) => setTyped(event.target.value)} />}</Field>
        <button type="submit" className="button primary">
          <ShoppingCart aria-hidden size={16} />
          {t("product.add")}
        </button>
      </form>
      <p role="status" className="added">
        {inCart !== undefined && (
          <>
            {t("product.added", { number: inCart.toLocaleString(locale) })} <Link to="/cart">{t("product.toCart")}</Link>
          </>
        )}
      </p>
    </>
  );
}

/** One product, with what is needed to buy it. */
export default function ProductPage() {
  const { t, locale } = useLanguage();
  const { id: text = "" } = useParams();
  const id = /^\d{1,18}$/.test(text) ? Number(text) : 0;
  const found = useQuery({ queryKey: ["offer", id], queryFn: ({ signal }) => getOffer(id, signal) });
  const offer = found.data;
  usePageTitle(offer?.name ?? t("list.title"));
  const seen = offer?.id;
  useEffect(() => {
    if (offer) track("product_view", { product: String(offer.id), price: offer.price, currency: offer.currency });
    // Once a visit of the page, and not again when the price is read anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [seen]);
  const problem = found.error && !offer ? asProblem(found.error) : null;
  if (problem?.kind === "missing") {
    return (
      <div className="page">
        <Placeholder tone="search" heading="h1" title={t("product.gone")} text={t("product.goneText")} action={<BackToProducts label={t("product.back")} />} />
      </div>
    );
  }
  if (problem) {
    return (
      <div className="page">
        <ProblemPlaceholder problem={problem} onRetry={() => void found.refetch()} />
      </div>
    );
  }
  if (!offer) return <div className="page" aria-busy="true" />;
  return (
    <article className="page product">
      <Picture image={offer.image} size="full" />
      <div className="product-text">
        {offer.category && (
          <p className="muted">
            <Link to={`/?category=${encodeURIComponent(offer.category)}`}>{offer.category}</Link>
          </p>
        )}
        <h1>{offer.name}</h1>
        <p className="product-price">{money(offer.price, offer.currency, locale)}</p>
        <Buy key={offer.id} offer={offer} />
        {offer.description && <p className="description">{offer.description}</p>}
      </div>
    </article>
  );
}
