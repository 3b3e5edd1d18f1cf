/** What several pages of the shop show. */
import { Image } from "lucide-react";
import { Link } from "react-router";
import { money, sum } from "./cart/amounts";
import { useLanguage } from "./i18n";

/** A product's picture; a quiet place for one where there is none. It says nothing that the name beside it does not. */
export function Picture({ image, size }: { image: string | null | undefined; size: "card" | "full" | "line" }) {
  if (image) return <img className={`shot ${size}`} src={image} alt="" loading={size === "full" ? "eager" : "lazy"} decoding="async" />;
  return (
    <span className={`shot ${size} none`} aria-hidden>
      <Image size={size === "line" ? 20 : 40} strokeWidth={1.4} />
    </span>
  );
}

/** The link back to the products. */
export function BackToProducts({ label }: { label: string }) {
  return (
    <Link to="/" className="button">
      {label}
    </Link>
  );
}

/** The lines of an order with their sum. */
export function Summary({ lines, currency }: { lines: readonly { product: number; name: string; price: string; quantity: number }[]; currency: string }) {
  const { t, locale } = useLanguage();
  return (
    <table className="summary">
      <tbody>
        {lines.map((line) => (
          <tr key={line.product}>
            <th scope="row">
              {line.quantity.toLocaleString(locale)} × {line.name}
            </th>
            <td>{money(sum([line]), currency, locale)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t("cart.total")}</th>
          <td>{money(sum(lines), currency, locale)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
