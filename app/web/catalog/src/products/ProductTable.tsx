import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import type { Product } from "../api/types";
import { usePreferences } from "kit/shell/preferences.ts";
import { useLanguage } from "../i18n";
import { COLUMNS } from "./columns";
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
  const visible = COLUMNS.filter(({ id }) => !hiddenColumns.includes(id));
  return (
    <table className={stale ? "products stale" : "products"} aria-busy={stale}>
      <caption className="visually-hidden">{t("list.caption")}</caption>
      <thead>
        <tr>
          <th scope="col" className="col-select">
            <SelectPage products={products} selection={selection} />
          </th>
          {visible.map(({ id, heading, sort: order }) => {
            const direction = order === undefined ? undefined : sort === order ? "ascending" : sort === `-${order}` ? "descending" : "none";
            return (
              <th key={id} scope="col" className={`col-${id}`} aria-sort={direction}>
                {order === undefined ? (
                  heading
                ) : (
                  <SortButton direction={direction} onClick={() => onSort(nextSort(sort, order))}>
                    {heading}
                  </SortButton>
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {products.map((product) => (
          <tr key={product.id} className={selection.has(product.id) ? "selected" : undefined} data-row={product.id}>
            <td className="col-select">
              <label className="row-check">
                <input type="checkbox" checked={selection.has(product.id)} onChange={() => selection.toggle(product)} aria-label={t("list.selectOne", { name: product.name })} />
              </label>
            </td>
            {visible.map(({ id, cell }) => (
              <td key={id} className={`col-${id}`}>
                {cell(product)}
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
