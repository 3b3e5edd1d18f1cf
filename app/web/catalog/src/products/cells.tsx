/** What the cells of the product table show. They read the page they stand on from a context, so that columns are constant. */
import { Ellipsis } from "lucide-react";
import { createContext, use } from "react";
import { Link } from "react-router";
import type { Product, ProductPatch } from "../api/types";
import type { Rights } from "../app/useSession";
import { compare, toEditable } from "kit/format/decimal.ts";
import { ago, dateTime, integer, money } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { part } from "kit/loading/part.tsx";
import { LazyMenu } from "kit/ui/LazyMenu.tsx";
import { StatusBadge, StockBadge } from "./badges";
import { InlineEdit } from "./InlineEdit";
import { Picture } from "./Picture";
import type { Place } from "./usePlace";
import { checkPrice, checkStock } from "./validate";

const RowMenu = part(() => import("./RowMenu"));

export type InlineField = "price" | "stock";
export type Editing = { id: number; field: InlineField } | null;

/** What a cell can ask of the page. */
export type Cells = {
  rights: Rights;
  /** The most pieces that the shop calls low stock. */
  lowStock: number;
  link: Place["link"];
  editing: Editing;
  edit: (editing: Editing) => void;
  save: (product: Product, changes: ProductPatch) => void;
  remove: (product: Product) => void;
};

export const CellsContext = createContext<Cells | null>(null);

function useCells(): Cells {
  const cells = use(CellsContext);
  if (!cells) throw new Error("a product cell stands outside of the product table");
  return cells;
}

type Props = { product: Product };

export function NameCell({ product }: Props) {
  const { link } = useCells();
  return (
    <div className="product-cell">
      <Picture image={product.image} />
      <div className="name-cell">
        <Link className="product-link" {...link(`/products/${product.id}`)} data-product={product.id}>
          {product.name}
        </Link>
        <span className="sku">
          {product.sku}
          {product.category && <span className="name-category"> · {product.category}</span>}
        </span>
        <span className="narrow-only">
          <StatusBadge status={product.status} />
        </span>
      </div>
    </div>
  );
}

export function CategoryCell({ product }: Props) {
  const { t } = useLanguage();
  return product.category ?? <span className="muted">{t("common.empty")}</span>;
}

export function PriceCell({ product }: Props) {
  const { t, locale } = useLanguage();
  const { rights, editing, edit, save } = useCells();
  const shown = money(product.price, locale);
  if (!rights.write) return shown;
  return (
    <InlineEdit
      label={t("list.editPrice", { name: product.name, value: shown })}
      text={toEditable(product.price, locale)}
      editing={editing?.id === product.id && editing.field === "price"}
      check={(typed) => checkPrice(typed, locale)}
      onStart={() => edit({ id: product.id, field: "price" })}
      onStop={() => edit(null)}
      onSave={(price) => compare(price, product.price) !== 0 && save(product, { price })}
    >
      {shown}
    </InlineEdit>
  );
}

export function StockCell({ product }: Props) {
  const { t, locale } = useLanguage();
  const { rights, lowStock, editing, edit, save } = useCells();
  const shown = integer(product.stock, locale);
  const step = (typed: string, by: 1 | -1) => {
    const now = checkStock(typed, locale);
    return "value" in now ? String(Math.max(0, now.value + by)) : typed;
  };
  return (
    <span className="stock-cell">
      <StockBadge stock={product.stock} low={lowStock} />
      {rights.write ? (
        <InlineEdit
          label={t("list.editStock", { name: product.name, value: shown })}
          text={String(product.stock)}
          editing={editing?.id === product.id && editing.field === "stock"}
          check={(typed) => checkStock(typed, locale)}
          step={step}
          onStart={() => edit({ id: product.id, field: "stock" })}
          onStop={() => edit(null)}
          onSave={(stock) => stock !== product.stock && save(product, { stock })}
        >
          {shown}
        </InlineEdit>
      ) : (
        shown
      )}
    </span>
  );
}

export function UpdatedCell({ product }: Props) {
  const { locale } = useLanguage();
  return (
    <time className="muted" dateTime={product.updated_at} title={dateTime(product.updated_at, locale)}>
      {ago(product.updated_at, locale)}
    </time>
  );
}

export function MenuCell({ product }: Props) {
  const { t } = useLanguage();
  const { rights, link, save, remove } = useCells();
  return (
    <LazyMenu
      popup="menu"
      trigger={
        <button type="button" className="icon-button small" aria-label={t("list.actionsFor", { name: product.name })}>
          <Ellipsis aria-hidden size={18} />
        </button>
      }
    >
      {(trigger) => <RowMenu trigger={trigger} product={product} rights={rights} link={link} onRemove={remove} onStatus={(status) => save(product, { status })} />}
    </LazyMenu>
  );
}
