import { useInfiniteQuery } from "@tanstack/react-query";
import { UserX } from "lucide-react";
import { useState, type FormEvent } from "react";
import { asProblem } from "kit/api/problem.ts";
import { dateTime, integer } from "kit/format/format.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import { listOrders } from "../api/client";
import type { PlacedOrder } from "../api/types";
import { useRights } from "../app/useSession";
import { useLanguage } from "../i18n";
import { EraseDialog } from "./EraseDialog";
import "./orders.css";
import "kit/ui/field.css";
import "kit/ui/states.css";

export const ORDERS = ["orders"] as const;

/** An order is found by its number, or with all others of its buyer by the e-mail address. */
const asked = (text: string) => (text.includes("@") ? { email: text } : { number: text || undefined });

/** What the shop has taken, the newest first. */
export default function OrdersPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("orders.title"));
  const [search, setSearch] = useState("");
  const [erasing, setErasing] = useState<string | null>(null);
  const pages = useInfiniteQuery({
    queryKey: [...ORDERS, search],
    queryFn: ({ pageParam, signal }) => listOrders({ ...asked(search), cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSearch(String(new FormData(event.currentTarget).get("search") ?? "").trim());
  };
  const orders = pages.data?.pages.flatMap((page) => page.orders) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("orders.title")}</h1>
          <p className="muted" role="status">
            {pages.data ? t("orders.total", { count: total, shown: integer(total, locale) }) : t("orders.loading")}
          </p>
        </div>
        <form className="orders-search field" role="search" onSubmit={submit}>
          <input type="search" name="search" maxLength={254} aria-label={t("orders.search")} placeholder={t("orders.search")} />
          <button type="submit" className="button">
            {t("orders.find")}
          </button>
        </form>
      </header>
      {pages.error && <ProblemPlaceholder problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />}
      {pages.data && total === 0 && <Placeholder tone={search ? "search" : "empty"} title={t("orders.none")} text={t(search ? "orders.noMatch" : "orders.noneYet")} />}
      {orders.length > 0 && <OrderTable orders={orders} onErase={setErasing} />}
      {pages.hasNextPage && (
        <button type="button" className="button orders-older" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("orders.older")}
        </button>
      )}
      {erasing && <EraseDialog email={erasing} onClose={() => setErasing(null)} />}
    </div>
  );
}

function OrderTable({ orders, onErase }: { orders: readonly PlacedOrder[]; onErase: (email: string) => void }) {
  const { t, locale } = useLanguage();
  const { admin } = useRights();
  return (
    <div className="table-card orders-card" tabIndex={0} role="region" aria-label={t("orders.title")}>
      <table className="orders">
        <caption className="visually-hidden">{t("orders.title")}</caption>
        <thead>
          <tr>
            {(["number", "at", "buyer", "products", "total"] as const).map((column) => (
              <th key={column} scope="col" className={`order-${column}`}>
                {t(`orders.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id}>
              <th scope="row">{order.number}</th>
              <td>
                <time dateTime={order.at}>{dateTime(order.at, locale)}</time>
              </td>
              <td>
                {order.email === null ? (
                  <span className="muted">{t("orders.erased")}</span>
                ) : (
                  <>
                    <strong>{order.name}</strong>
                    <span>{order.email}</span>
                    <span className="order-address">{order.address}</span>
                    {admin && (
                      <button type="button" className="button small quiet" aria-label={t("orders.eraseWho", { email: order.email })} onClick={() => onErase(order.email ?? "")}>
                        <UserX aria-hidden size={15} />
                        {t("orders.erase.open")}
                      </button>
                    )}
                  </>
                )}
              </td>
              <td>
                <ul>
                  {order.lines.map((line) => (
                    <li key={line.product}>
                      {integer(line.quantity, locale)} × {line.name}
                    </li>
                  ))}
                </ul>
              </td>
              <td className="order-total">{new Intl.NumberFormat(locale, { style: "currency", currency: order.currency }).format(Number(order.total))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
