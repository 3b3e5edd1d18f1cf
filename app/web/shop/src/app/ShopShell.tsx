import { COMMON_KEYS, useKeys } from "kit/shell/shortcuts.ts";
import { Shell } from "kit/shell/Shell.tsx";
import { ShoppingCart, Store } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link, useLocation, useNavigate, useNavigationType } from "react-router";
import { pieces, useCart } from "../cart/cart";
import { useLanguage } from "../i18n";
import { Consent } from "./Consent";

const KEYS = { ...COMMON_KEYS, products: ["g p"], cart: ["g c"] } as const;
/** Everyone may shop: there is nobody to sign in. */
const EVERYONE = { data: true, error: null, refetch: () => undefined };
const everyone = () => Promise.resolve(true);

/** A page that a link leads to begins at its top, for the eye, the keyboard and the screen reader; the way back does not. */
function useTop(): void {
  const { pathname } = useLocation();
  const kind = useNavigationType();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (kind === "POP") return;
    document.getElementById("main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [pathname, kind]);
}

/** The shop's frame. */
export function ShopShell() {
  const { t, locale } = useLanguage();
  const number = pieces(useCart());
  const navigate = useNavigate();
  useTop();
  useKeys(KEYS, { products: () => void navigate("/"), cart: () => void navigate("/cart") });
  const cart = (
    <Link to="/cart" className="cart-link" aria-label={t("cart.label", { number })}>
      <ShoppingCart aria-hidden size={18} />
      <span aria-hidden>{number.toLocaleString(locale)}</span>
    </Link>
  );
  const lines = (["products", "cart"] as const).map((action) => ({ label: t(`shortcuts.actions.${action}`), keys: KEYS[action] }));
  const help = { label: t("shortcuts.actions.help"), keys: KEYS.help };
  return (
    <>
      <Shell brand={t("app.name")} home="/" nav={[{ to: "/", label: t("nav.products"), icon: Store }]} who={cart} session={EVERYONE} me={everyone} keys={[{ title: t("shortcuts.groups.pages"), lines: [...lines, help] }]} />
      <Consent />
    </>
  );
}
