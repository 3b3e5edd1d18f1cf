import type { ReactNode } from "react";
import type { Product } from "../api/types";
import { useLanguage } from "../i18n";
import { StatusBadge } from "./badges";
import { CategoryCell, MenuCell, NameCell, PriceCell, StockCell, UpdatedCell } from "./cells";

/** A column of the product table. */
export type Column = {
  id: string;
  heading: ReactNode;
  /** The API's name of the order by this column. */
  sort?: "name" | "price" | "stock" | "updated";
  cell: (product: Product) => ReactNode;
};

function Heading({ field }: { field: "name" | "category" | "price" | "stock" | "status" | "updated" }) {
  const { t } = useLanguage();
  return t(`fields.${field}`);
}

function MenuHeading() {
  const { t } = useLanguage();
  return <span className="visually-hidden">{t("list.actions")}</span>;
}

/** The columns after the one that selects. */
export const COLUMNS: readonly Column[] = [
  { id: "name", heading: <Heading field="name" />, sort: "name", cell: (product) => <NameCell product={product} /> },
  { id: "category", heading: <Heading field="category" />, cell: (product) => <CategoryCell product={product} /> },
  { id: "price", heading: <Heading field="price" />, sort: "price", cell: (product) => <PriceCell product={product} /> },
  { id: "stock", heading: <Heading field="stock" />, sort: "stock", cell: (product) => <StockCell product={product} /> },
  { id: "status", heading: <Heading field="status" />, cell: (product) => <StatusBadge status={product.status} /> },
  { id: "updated", heading: <Heading field="updated" />, sort: "updated", cell: (product) => <UpdatedCell product={product} /> },
  { id: "menu", heading: <MenuHeading />, cell: (product) => <MenuCell product={product} /> },
];
