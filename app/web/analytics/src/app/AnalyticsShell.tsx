import { Shell } from "kit/shell/Shell.tsx";
import { Filter, LayoutDashboard, Package, Radio, Repeat, Route, Search, ShieldCheck } from "lucide-react";
import { useEffect } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { me } from "../api/client";
import { useSession } from "../api/queries";
import { useLanguage } from "../i18n";
import { shared } from "../view/view";
import { KEYS, useShortcuts, type Action } from "./shortcuts";

const PAGES = [
  { page: "overview", go: "goOverview", icon: LayoutDashboard },
  { page: "products", go: "goProducts", icon: Package },
  { page: "search", go: "goSearch", icon: Search },
  { page: "funnel", go: "goFunnel", icon: Filter },
  { page: "retention", go: "goRetention", icon: Repeat },
  { page: "journeys", go: "goJourneys", icon: Route },
  { page: "live", go: "goLive", icon: Radio },
  { page: "data", go: "goData", icon: ShieldCheck },
] as const;

/** The dashboard's frame: its pages, which keep the view of each other, and the keys that lead to them. */
export function AnalyticsShell() {
  const { t } = useLanguage();
  const session = useSession();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const view = shared(search);
  const to = (page: string) => `/${page}${view && `?${view}`}`;
  const { pathname } = useLocation();
  // Where the pages do not fit into the line, the present one is brought into it.
  useEffect(() => {
    // In braces: a browser may return a promise, which React would take for the effect's end.
    void document.querySelector(".topnav [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname, session.data]);
  useShortcuts(Object.fromEntries(PAGES.map(({ page, go }) => [go, () => void navigate(to(page))])));
  const keys: { title: string; actions: Action[] }[] = [
    { title: t("shortcuts.groups.pages"), actions: PAGES.map(({ go }) => go) },
    { title: t("shortcuts.groups.anywhere"), actions: ["filter", "help"] },
  ];
  const groups = keys.map(({ title, actions }) => ({ title, lines: actions.map((action) => ({ label: t(`shortcuts.actions.${action as "filter"}`), keys: KEYS[action] })) }));
  const who = session.data && !session.data.open && <span className="who">{`${session.data.name} · ${t(`role.${session.data.role as "viewer"}`)}`}</span>;
  const nav = PAGES.map(({ page, icon }) => ({ to: to(page), label: t(`nav.${page}`), icon }));
  return <Shell brand={t("app.name")} home={to("overview")} nav={nav} who={who} session={session} me={me} keys={groups} />;
}
