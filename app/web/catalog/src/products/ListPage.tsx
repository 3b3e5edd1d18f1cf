import { ChevronDown, Download, Plus } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { Link, Outlet } from "react-router";
import { asProblem } from "kit/api/problem.ts";
import type { Product } from "../api/types";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { useLowStock, useRights } from "../app/useSession";
import { integer } from "kit/format/format.ts";
import { useLanguage } from "../i18n";
import { useBusy } from "kit/loading/busy.ts";
import { part } from "kit/loading/part.tsx";
import { LazyMenu } from "kit/ui/LazyMenu.tsx";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import { CellsContext, type Cells, type Editing } from "./cells";
import { useConflict } from "./conflicts";
import { isFiltered } from "./listParams";
import { Pager } from "./Pager";
import { ProductTable } from "./ProductTable";
import { useProductList } from "./queries";
import { useHidden, useRemove } from "./removal";
import { leaveRow } from "./rowFocus";
import { TableSkeleton } from "./TableSkeleton";
import { Toolbar } from "./Toolbar";
import { useEdit } from "./useEdit";
import { useListShortcuts } from "./useListShortcuts";
import { usePlace } from "./usePlace";
import { useSelection } from "./useSelection";
import "./list.css";

const NothingHere = part(() => import("./NothingHere"));
const BulkBar = part(() => import("./BulkBar"));
const ExportMenu = part(() => import("./ExportMenu"));
const ConflictDialog = part(() => import("./ConflictDialog"));

export default function ListPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("list.title"));
  const place = usePlace();
  const rights = useRights();
  const list = useProductList(place.params);
  const hidden = useHidden();
  const selection = useSelection();
  const conflict = useConflict();
  const edit = useEdit();
  const removeNow = useRemove();
  const [editing, setEditing] = useState<Editing>(null);
  const searchBox = useRef<HTMLInputElement>(null);

  useBusy(() => selection.products.size > 0 || editing !== null);

  const products = (list.data?.products ?? []).filter((product) => !hidden.has(product.id));
  // The number belongs to the rows that were asked for, never to those that still stand there from the request before.
  const total = list.data && !list.isPlaceholderData ? list.data.total - (list.data.products.length - products.length) : undefined;
  const next = list.data?.next ?? null;

  const remove = (product: Product) => {
    leaveRow(product.id);
    selection.toggle(product, false);
    removeNow(product);
  };
  const cells: Cells = {
    rights,
    lowStock: useLowStock(),
    link: place.link,
    editing,
    edit: setEditing,
    save: (base, changes) => edit({ base, changes }),
    remove,
  };
  useListShortcuts({ place, products, next, rights, selection, searchBox, setEditing, remove });

  return (
    <div className="page list-page">
      <header className="page-head">
        <div>
          <h1>{t("list.title")}</h1>
          <p className="muted" role="status">
            {total === undefined ? (list.isPlaceholderData ? t("list.searching") : "\u00a0") : t(isFiltered(place.params) ? "list.matching" : "list.total", { count: total, shown: integer(total, locale) })}
          </p>
        </div>
        <div className="page-actions">
          <LazyMenu
            popup="menu"
            trigger={
              <button type="button" className="button">
                <Download aria-hidden size={16} />
                <span className="optional-label">{t("export.title")}</span>
                <ChevronDown aria-hidden size={14} />
              </button>
            }
          >
            {(trigger) => <ExportMenu trigger={trigger} params={place.params} selection={selection} />}
          </LazyMenu>
          {rights.write && (
            <Link className="button primary" {...place.link("/products/new")}>
              <Plus aria-hidden size={17} />
              {t("list.create")}
            </Link>
          )}
        </div>
      </header>
      <Toolbar place={place} searchBox={searchBox} />
      <section className="card table-card" aria-label={t("list.caption")}>
        <Suspense fallback={<TableSkeleton />}>
          {list.error && !list.data ? (
            <ProblemPlaceholder problem={asProblem(list.error)} onRetry={() => void list.refetch()} />
          ) : list.isPending ? (
            <TableSkeleton />
          ) : products.length === 0 ? (
            <NothingHere place={place} write={rights.write} admin={rights.admin} />
          ) : (
            <>
              <CellsContext value={cells}>
                <ProductTable products={products} selection={selection} sort={place.params.sort} onSort={(sort) => place.filter({ sort })} stale={list.isPlaceholderData} />
              </CellsContext>
              <Pager place={place} rows={products.length} total={total} next={next} />
            </>
          )}
        </Suspense>
      </section>
      <Suspense>
        {selection.products.size > 0 && <BulkBar selection={selection} params={place.params} total={total ?? 0} />}
        {conflict && <ConflictDialog conflict={conflict} />}
      </Suspense>
      <Suspense>
        <Outlet />
      </Suspense>
    </div>
  );
}
