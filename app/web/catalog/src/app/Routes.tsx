import { FailedPage } from "kit/loading/FailedPart.tsx";
import { early, part } from "kit/loading/part.tsx";
import { NotFound } from "kit/shell/NotFound.tsx";
import { Navigate, Route, Routes } from "react-router";
import { useLanguage } from "../i18n";
import { CatalogShell } from "./CatalogShell";

// Asked for at once, side by side with the session and the messages: nearly every visit begins with the list.
const ListPage = part(early(() => import("../products/ListPage")), FailedPage);
const CreateDrawer = part(() => import("../products/CreateDrawer"));
const EditDrawer = part(() => import("../products/EditDrawer"));
const OrdersPage = part(() => import("../orders/OrdersPage"), FailedPage);
const ImportPage = part(() => import("../import/ImportPage"), FailedPage);

/** The pages, each a chunk of its own. */
export function AppRoutes() {
  const { t } = useLanguage();
  return (
    <Routes>
      <Route element={<CatalogShell />}>
        <Route index element={<Navigate to="/products" replace />} />
        <Route path="products" element={<ListPage />}>
          <Route path="new" element={<CreateDrawer />} />
          <Route path=":id" element={<EditDrawer />} />
          <Route path=":id/history" element={<EditDrawer />} />
        </Route>
        <Route path="orders" element={<OrdersPage />} />
        <Route path="import" element={<ImportPage />} />
        <Route path="*" element={<NotFound home="/products" action={t("notFound.action")} />} />
      </Route>
    </Routes>
  );
}
