import { FailedPage } from "kit/loading/FailedPart.tsx";
import { early, part } from "kit/loading/part.tsx";
import { NotFound } from "kit/shell/NotFound.tsx";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { useLanguage } from "../i18n";
import { AnalyticsShell } from "./AnalyticsShell";
import { SiteGate } from "./SiteGate";

// Asked for at once, side by side with the session and the messages: nearly every visit begins with it.
const OverviewPage = part(early(() => import("../pages/OverviewPage")), FailedPage);
const ProductsPage = part(() => import("../pages/ProductsPage"), FailedPage);
const SearchPage = part(() => import("../pages/SearchPage"), FailedPage);
const FunnelPage = part(() => import("../pages/FunnelPage"), FailedPage);
const RetentionPage = part(() => import("../pages/RetentionPage"), FailedPage);
const JourneysPage = part(() => import("../pages/JourneysPage"), FailedPage);
const LivePage = part(() => import("../pages/LivePage"), FailedPage);
const DataPage = part(() => import("../pages/DataPage"), FailedPage);

/** The bare address leads to the overview, with what it asks for. */
function ToOverview() {
  return <Navigate to={`/overview${useLocation().search}`} replace />;
}

/** The pages, each a chunk of its own. */
export function AppRoutes() {
  const { t } = useLanguage();
  return (
    <Routes>
      <Route element={<AnalyticsShell />}>
        <Route index element={<ToOverview />} />
        <Route element={<SiteGate />}>
          <Route path="overview" element={<OverviewPage />} />
          <Route path="products" element={<ProductsPage />} />
          <Route path="search" element={<SearchPage />} />
          <Route path="funnel" element={<FunnelPage />} />
          <Route path="retention" element={<RetentionPage />} />
          <Route path="journeys" element={<JourneysPage />} />
          <Route path="live" element={<LivePage />} />
          <Route path="data" element={<DataPage />} />
        </Route>
        <Route path="*" element={<NotFound home="/overview" action={t("notFound.action")} />} />
      </Route>
    </Routes>
  );
}
