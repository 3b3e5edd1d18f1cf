import { Shell } from "kit/shell/Shell.tsx";
import { Boxes, ReceiptText, Upload } from "lucide-react";
import { useNavigate } from "react-router";
import { me } from "../api/client";
import { useLanguage, type T } from "../i18n";
import { KEYS, useShortcuts, type Action } from "./shortcuts";
import { useRights, useSession } from "./useSession";
import "./shell.css";

const GROUPS: { title: "list" | "product" | "anywhere"; actions: Action[] }[] = [
  { title: "list", actions: ["search", "down", "up", "select", "selectAll", "nextPage", "previousPage", "create"] },
  { title: "product", actions: ["open", "editPrice", "editStock", "remove", "save"] },
  { title: "anywhere", actions: ["undo", "goProducts", "goOrders", "goImport", "help"] },
];

const keyGroups = (t: T) =>
  GROUPS.map(({ title, actions }) => ({
    title: t(`shortcuts.groups.${title}`),
    lines: actions.map((action) => ({ label: t(`shortcuts.actions.${action}`), keys: KEYS[action] })),
  }));

/** The catalogue's frame: its pages, who is signed in, and the keys that lead to the pages. */
export function CatalogShell() {
  const { t } = useLanguage();
  const session = useSession();
  const rights = useRights();
  const navigate = useNavigate();
  useShortcuts({
    goProducts: () => void navigate("/products"),
    goOrders: () => rights.write && void navigate("/orders"),
    goImport: () => rights.admin && void navigate("/import"),
  });
  const nav = [{ to: "/products", label: t("nav.products"), icon: Boxes }, ...(rights.write ? [{ to: "/orders", label: t("nav.orders"), icon: ReceiptText }] : []), ...(rights.admin ? [{ to: "/import", label: t("nav.import"), icon: Upload }] : [])];
  const who = session.data && (
    <span className={session.data.open ? "who open" : "who"} title={session.data.open ? t("session.openHint") : undefined}>
      {session.data.open ? t("session.open") : `${session.data.name} · ${t(`session.role.${session.data.role}`)}`}
    </span>
  );
  return <Shell brand={t("app.name")} home="/products" nav={nav} who={who} session={session} me={me} keys={keyGroups(t)} />;
}
