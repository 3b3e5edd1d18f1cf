import { Boxes, Keyboard, Settings2, Upload } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { asProblem } from "../api/problem";
import { useLanguage } from "../i18n";
import { LazyMenu } from "../ui/LazyMenu";
import { ProblemPlaceholder } from "../ui/lazy";
import { undoLast, useNotices } from "./notices";
import { useShortcuts } from "./shortcuts";
import { useRights, useSession } from "./useSession";

const PreferencesMenu = lazy(() => import("./PreferencesMenu"));
const ShortcutHelp = lazy(() => import("./ShortcutHelp"));
const Notices = lazy(() => import("./Notices"));
const SignIn = lazy(() => import("./SignIn"));

/** The frame around every page: skip link, navigation, preferences, notices, the keyboard's global part. */
export function Shell() {
  const { t } = useLanguage();
  const session = useSession();
  const rights = useRights();
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  const showHelp = () => setHelp(true);
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  // Once shown, the region stays: its hotkey and its announcements belong to it.
  const notified = useNotices().length > 0;
  const [notices, setNotices] = useState(false);
  if (notified && !notices) setNotices(true);

  useShortcuts({
    help: showHelp,
    goProducts: () => void navigate("/products"),
    goImport: () => rights.admin && void navigate("/import"),
    undo: (event) => {
      if (undoLast()) event.preventDefault();
    },
  });

  const problem = session.error && asProblem(session.error);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t("app.skip")}
      </a>
      <header className="topbar">
        <NavLink to="/products" className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>{t("app.name")}</span>
        </NavLink>
        <nav className="topnav" aria-label={t("nav.label")}>
          <NavLink to="/products">
            <Boxes aria-hidden size={16} />
            <span>{t("nav.products")}</span>
          </NavLink>
          {rights.admin && (
            <NavLink to="/import">
              <Upload aria-hidden size={16} />
              <span>{t("nav.import")}</span>
            </NavLink>
          )}
        </nav>
        <div className="topbar-end">
          {session.data && (
            <span className="who" title={session.data.open ? t("session.openHint") : undefined}>
              {session.data.open ? t("session.open") : `${session.data.name} · ${t(`session.role.${session.data.role}`)}`}
            </span>
          )}
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
            <SignIn />
          ) : problem ? (
            <div className="page">
              <ProblemPlaceholder problem={problem} onRetry={() => void session.refetch()} />
            </div>
          ) : session.data ? (
            <Outlet />
          ) : (
            <div className="page" aria-busy="true" />
          )}
        </Suspense>
      </main>
      <Suspense>
        {notices && <Notices />}
        {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
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
