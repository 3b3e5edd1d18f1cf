import { FailedPage } from "kit/loading/FailedPart.tsx";
import { early, part } from "kit/loading/part.tsx";
import { NotFound } from "kit/shell/NotFound.tsx";
import { Route, Routes } from "react-router";
import { useLanguage } from "../i18n";
import { ShopShell } from "./ShopShell";

// Asked for at once, side by side with the messages: most visits begin with it.
const ListPage = part(early(() => import("../pages/ListPage")), FailedPage);
const ProductPage = part(() => import("../pages/ProductPage"), FailedPage);
const CartPage = part(() => import("../pages/CartPage"), FailedPage);
const CheckoutPage = part(() => import("../pages/CheckoutPage"), FailedPage);
const ThanksPage = part(() => import("../pages/ThanksPage"), FailedPage);

/** The pages, each a chunk of its own. */
export function AppRoutes() {
  const { t } = useLanguage();
  return (
    <Routes>
      <Route element={<ShopShell />}>
        <Route index element={<ListPage />} />
        <Route path="product/:id" element={<ProductPage />} />
        <Route path="cart" element={<CartPage />} />
        <Route path="checkout" element={<CheckoutPage />} />
        <Route path="order/:number" element={<ThanksPage />} />
        <Route path="*" element={<NotFound home="/" action={t("notFound.action")} />} />
      </Route>
    </Routes>
  );
}
