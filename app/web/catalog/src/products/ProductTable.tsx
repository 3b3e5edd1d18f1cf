import { useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import type { Product } from "../api/types";
import { usePreferences } from "../app/preferences";
import { useLanguage } from "../i18n";
import { columns, features, SORTABLE } from "./columns";
import { nextSort, type Sort } from "./listParams";
import type { Selection } from "./useSelection";

type Props = {
  products: readonly Product[];
  selection: Selection;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** The rows belong to the request before; the ones asked for are on their way. */
  stale: boolean;
};

export function ProductTable({ products, selection, sort, onSort, stale }: Props) {
  const { t } = useLanguage();
  const { hiddenColumns } = usePreferences();
  const visible = useMemo(() => columns.filter(({ id }) => !(hiddenColumns as string[]).includes(id ?? "")), [hiddenColumns]);

  const table = useTable({
    features,
    columns: visible,
    data: products,
    getRowId: (product) => String(product.id),
  });

  return (
    <table className={stale ? "products stale" : "products"} aria-busy={stale}>
      <caption className="visually-hidden">{t("list.caption")}</caption>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => {
              const { id, column } = header;
              const order = SORTABLE[column.id];
              const direction = order === undefined ? undefined : sort === order ? "ascending" : sort === `-${order}` ? "descending" : "none";
              return (
                <th key={id} scope="col" className={`col-${column.id}`} aria-sort={direction}>
                  {column.id === "select" ? (
                    <SelectPage products={products} selection={selection} />
                  ) : order !== undefined ? (
                    <SortButton direction={direction} onClick={() => onSort(nextSort(sort, order))}>
                      <table.FlexRender header={header} />
                    </SortButton>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </th>
              );
            })}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} className={selection.has(row.original.id) ? "selected" : undefined} data-row={row.id}>
            {row.getAllCells().map((cell) => (
              <td key={cell.id} className={`col-${cell.column.id}`}>
                {cell.column.id === "select" ? (
                  <label className="row-check">
                    <input type="checkbox" checked={selection.has(row.original.id)} onChange={() => selection.toggle(row.original)} aria-label={t("list.selectOne", { name: row.original.name })} />
                  </label>
                ) : (
                  <table.FlexRender cell={cell} />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SortButton({ direction, onClick, children }: { direction: string | undefined; onClick: () => void; children: ReactNode }) {
  const Arrow = direction === "ascending" ? ArrowUp : direction === "descending" ? ArrowDown : ChevronsUpDown;
  return (
    <button type="button" className="sort-button" onClick={onClick}>
      {children}
      <Arrow aria-hidden size={14} className={direction === "none" ? "idle" : undefined} />
    </button>
  );
}

function SelectPage({ products, selection }: Pick<Props, "products" | "selection">) {
  const { t } = useLanguage();
  const here = products.filter((product) => selection.has(product.id)).length;
  const all = products.length > 0 && here === products.length;
  return (
    <label className="row-check">
      <input
        type="checkbox"
        aria-label={t("list.selectPage")}
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = here > 0 && !all;
        }}
        onChange={() => selection.set(products, !all)}
      />
    </label>
  );
}
