import { lazy } from "react";
import { Navigate, Route, Routes } from "react-router";
import { Shell } from "./Shell";

// Asked for at once, side by side with the session and the messages: nearly every visit begins with the list.
const list = import("../products/ListPage");
const ListPage = lazy(() => list);
const CreateDrawer = lazy(() => import("../products/CreateDrawer"));
const EditDrawer = lazy(() => import("../products/EditDrawer"));
const ImportPage = lazy(() => import("../import/ImportPage"));
const NotFound = lazy(() => import("./NotFound"));

/** The pages, each a chunk of its own. */
export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Navigate to="/products" replace />} />
        <Route path="products" element={<ListPage />}>
          <Route path="new" element={<CreateDrawer />} />
          <Route path=":id" element={<EditDrawer />} />
          <Route path=":id/history" element={<EditDrawer />} />
        </Route>
        <Route path="import" element={<ImportPage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
