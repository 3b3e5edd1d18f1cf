import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { Product } from "../api/types";
import { useLanguage } from "../i18n";
import { CategoryCell, MenuCell, NameCell, PriceCell, StockCell, UpdatedCell } from "./cells";
import { StatusBadge } from "./badges";

// No optional feature: the API sorts, filters and pages; the selection outlives the page and is the list's own.
export const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Product>();

/** Sortable columns and the API's name of their order. */
export const SORTABLE: Partial<Record<string, "name" | "price" | "stock" | "updated">> = { name: "name", price: "price", stock: "stock", updated: "updated" };

function Heading({ field }: { field: "name" | "category" | "price" | "stock" | "status" | "updated" }) {
  const { t } = useLanguage();
  return t(`fields.${field}`);
}

function MenuHeading() {
  const { t } = useLanguage();
  return <span className="visually-hidden">{t("list.actions")}</span>;
}

// Constant, because a new cell function would be a new component: React would throw away the field that is being typed into.
export const columns = helper.columns([
  helper.display({ id: "select", header: () => null, cell: () => null }),
  helper.accessor("name", { id: "name", header: () => <Heading field="name" />, cell: ({ row }) => <NameCell product={row.original} /> }),
  helper.accessor("category", { id: "category", header: () => <Heading field="category" />, cell: ({ row }) => <CategoryCell product={row.original} /> }),
  helper.accessor("price", { id: "price", header: () => <Heading field="price" />, cell: ({ row }) => <PriceCell product={row.original} /> }),
  helper.accessor("stock", { id: "stock", header: () => <Heading field="stock" />, cell: ({ row }) => <StockCell product={row.original} /> }),
  helper.accessor("status", { id: "status", header: () => <Heading field="status" />, cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  helper.accessor("updated_at", { id: "updated", header: () => <Heading field="updated" />, cell: ({ row }) => <UpdatedCell product={row.original} /> }),
  helper.display({ id: "menu", header: () => <MenuHeading />, cell: ({ row }) => <MenuCell product={row.original} /> }),
]);
