import { Keyboard, Settings2, type LucideIcon } from "lucide-react";
import { Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { asProblem } from "../api/problem";
import { useLanguage } from "../i18n";
import { NewBuild } from "../loading/NewBuild";
import { NoConnection } from "../loading/NoConnection";
import { FailedPage } from "../loading/FailedPart";
import { part } from "../loading/part";
import { LazyMenu } from "../ui/LazyMenu";
import { ProblemPlaceholder } from "../ui/ProblemPlaceholder";
import { Brand } from "./brand";
import { undoLast, useNotices } from "./notices";
import { PlainNotices } from "./PlainNotices";
import { COMMON_KEYS, useKeys, type KeyGroup } from "./shortcuts";

const PreferencesMenu = part(() => import("./PreferencesMenu"));
const ShortcutHelp = part(() => import("./ShortcutHelp"));
const Notices = part(() => import("./Notices"), PlainNotices);
const SignIn = part(() => import("../session/SignIn"), FailedPage);

export type NavItem = { to: string; label: string; icon: LucideIcon };

/** What an application puts into the frame. */
export type Frame = {
  brand: string;
  home: string;
  nav: readonly NavItem[];
  /** Who is signed in, beside the preferences. */
  who?: ReactNode;
  /** The reading of who we are: nothing is shown before it is there. */
  session: { data: unknown; error: Error | null; refetch: () => unknown };
  me: () => Promise<unknown>;
  keys: readonly KeyGroup[];
};

/** The frame around every page: skip link, navigation, preferences, notices, the keyboard's global part. */
export function Shell({ brand, home, nav, who, session, me, keys }: Frame) {
  const { t } = useLanguage();
  const [help, setHelp] = useState(false);
  const showHelp = () => setHelp(true);
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  // Once shown, the region stays: its hotkey and its announcements belong to it.
  const notified = useNotices().length > 0;
  const [notices, setNotices] = useState(false);
  if (notified && !notices) setNotices(true);

  useKeys(COMMON_KEYS, {
    help: showHelp,
    undo: (event) => {
      if (undoLast()) event.preventDefault();
    },
  });

  const problem = session.error && asProblem(session.error);
  return (
    <Brand value={brand}>
      <div className="shell">
        <a className="skip-link" href="#main">
          {t("app.skip")}
        </a>
        <NewBuild />
        <NoConnection />
        <header className="topbar">
          <NavLink to={home} className="brand">
            <img src="/favicon.svg" alt="" width="28" height="28" />
            <span>{brand}</span>
          </NavLink>
          <nav className="topnav" aria-label={t("nav.label")}>
            {nav.map(({ to, label, icon: Icon }) => (
              <NavLink key={to} to={to}>
                <Icon aria-hidden size={16} />
                <span>{label}</span>
              </NavLink>
            ))}
          </nav>
          <div className="topbar-end">
            {who}
            <button type="button" className="icon-button wide-only" onClick={showHelp} aria-label={t("shortcuts.title")} title={`${t("shortcuts.title")} (?)`}>
              <Keyboard aria-hidden size={18} />
            </button>
            <LazyMenu
              popup="menu"
              trigger={
                <button type="button" className="icon-button" aria-label={t("preferences.label")} title={t("preferences.label")}>
                  <Settings2 aria-hidden size={18} />
                </button>
              }
            >
              {(trigger) => <PreferencesMenu trigger={trigger} onHelp={showHelp} />}
            </LazyMenu>
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1}>
          <Suspense fallback={<div className="page" aria-busy="true" />}>
            {problem?.kind === "signed-out" ? (
              <SignIn me={me} />
            ) : session.data !== undefined ? (
              <Outlet />
            ) : problem ? (
              <div className="page">
                <ProblemPlaceholder problem={problem} onRetry={() => void session.refetch()} />
              </div>
            ) : (
              <div className="page" aria-busy="true" />
            )}
          </Suspense>
        </main>
        <Suspense>
          {notices && <Notices />}
          {help && <ShortcutHelp groups={keys} onClose={() => setHelp(false)} />}
        </Suspense>
      </div>
    </Brand>
  );
}

/** A new page begins at its start for keyboard and screen reader, too. A drawer over the list is no new page. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>): void {
  const page = useLocation().pathname.split("/")[1];
  const shown = useRef(page);
  useEffect(() => {
    // From the bare address to the list is the redirect of the first load.
    if (shown.current !== page && shown.current !== "") main.current?.focus();
    shown.current = page;
  }, [page, main]);
}
