import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { asProblem } from "kit/api/problem.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import { Search } from "lucide-react";
import { useEffect, useState, type FormEvent } from "react";
import { Link, useSearchParams } from "react-router";
import { listOffers, type Offer, type OfferQuery } from "../api/client";
import { money } from "../cart/amounts";
import { useLanguage } from "../i18n";
import { Picture } from "../parts";
import { track } from "../tracker";

const SORTS = { name: "name", price: "price", dearest: "-price", newest: "-updated" } as const;
type SortName = keyof typeof SORTS;

const isSort = (text: string | null): text is SortName => text !== null && Object.hasOwn(SORTS, text);

function Card({ offer }: { offer: Offer }) {
  const { t, locale } = useLanguage();
  return (
    <li className="card offer">
      <Picture image={offer.image} size="card" />
      <div className="offer-text">
        <h2>
          <Link to={`/product/${offer.id}`}>{offer.name}</Link>
        </h2>
        {offer.category && <p className="muted">{offer.category}</p>}
        <p className="offer-price">
          <strong>{money(offer.price, offer.currency, locale)}</strong>
          {offer.available === 0 && <span className="badge stock-out">{t("product.soldOut")}</span>}
        </p>
      </div>
    </li>
  );
}

/** What the shop sells. Search, order and page are in the address. */
export default function ListPage() {
  const { t, locale } = useLanguage();
  usePageTitle(t("list.title"));
  const [address, setAddress] = useSearchParams();
  const q = address.get("q") ?? "";
  const sort = address.get("sort");
  const cursor = address.get("cursor") ?? undefined;
  const query: OfferQuery = { q: q || undefined, category: address.get("category") ?? undefined, sort: SORTS[isSort(sort) ? sort : "name"], cursor, limit: 24 };
  const page = useQuery({ queryKey: ["offers", query], queryFn: ({ signal }) => listOffers(query, signal), placeholderData: keepPreviousData });
  const total = page.isPlaceholderData ? undefined : page.data?.total;
  useEffect(() => {
    if (q !== "" && total !== undefined && cursor === undefined) track("search", { query: q, results: total });
  }, [q, total, cursor]);

  const change = (changes: Record<string, string | null>) =>
    setAddress((before) => {
      const after = new URLSearchParams(before);
      after.delete("cursor");
      for (const [name, value] of Object.entries(changes)) {
        if (value) after.set(name, value);
        else after.delete(name);
      }
      return after;
    });
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const search = (event: FormEvent) => {
    event.preventDefault();
    change({ q: typed.trim() });
  };
  const after = (next: string | null) => {
    const to = new URLSearchParams(address);
    if (next) to.set("cursor", next);
    else to.delete("cursor");
    return `/?${to}`;
  };

  return (
    <div className="page" aria-busy={page.isFetching}>
      <div className="page-head">
        <div>
          <h1>{t("list.title")}</h1>
          {total !== undefined && <p className="muted">{t("list.number", { number: total.toLocaleString(locale) })}</p>}
        </div>
        <div className="shop-tools">
          <form role="search" onSubmit={search}>
            <Search aria-hidden size={16} />
            <input type="search" aria-label={t("list.search")} placeholder={t("list.search")} maxLength={200} value={typed} onChange={(event) => setTyped(event.target.value)} />
          </form>
          <select className="select" aria-label={t("list.sort")} value={isSort(sort) ? sort : "name"} onChange={(event) => change({ sort: event.target.value })}>
            {(Object.keys(SORTS) as SortName[]).map((name) => (
              <option key={name} value={name}>
                {t(`list.sorts.${name}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      {page.error && !page.isPlaceholderData && !page.data ? (
        <ProblemPlaceholder problem={asProblem(page.error)} onRetry={() => void page.refetch()} />
      ) : page.data && page.data.offers.length === 0 ? (
        <Placeholder
          tone={q ? "search" : "empty"}
          title={q ? t("list.none", { query: q }) : t("list.empty")}
          text={t(q ? "list.noneText" : "list.emptyText")}
          action={
            q ? (
              <Link to="/" className="button">
                {t("list.all")}
              </Link>
            ) : undefined
          }
        />
      ) : (
        <>
          <ul className="offers">{page.data?.offers.map((offer) => <Card key={offer.id} offer={offer} />)}</ul>
          <nav className="pages" aria-label={t("list.title")}>
            {cursor && (
              <Link to={after(null)} className="button">
                {t("list.first")}
              </Link>
            )}
            {page.data?.next && (
              <Link to={after(page.data.next)} className="button">
                {t("list.next")}
              </Link>
            )}
          </nav>
        </>
      )}
    </div>
  );
}
