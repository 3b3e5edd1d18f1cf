import { asProblem } from "kit/api/problem.ts";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import { Outlet } from "react-router";
import { useSites } from "../api/queries";
import { useLanguage } from "../i18n";
import { SiteName, useView } from "../view/useView";

/** The pages of a site: the one that the address names, or the first. */
export function SiteGate() {
  const { t } = useLanguage();
  const { view } = useView();
  const sites = useSites();
  if (sites.error && !sites.data) {
    return (
      <div className="page">
        <ProblemPlaceholder problem={asProblem(sites.error)} onRetry={() => void sites.refetch()} />
      </div>
    );
  }
  const site = sites.data?.find(({ name }) => name === view.site) ?? (view.site === null ? sites.data?.[0] : undefined);
  if (sites.data && !site) {
    return (
      <div className="page">
        <Placeholder tone="search" heading="h1" title={t("sites.unknown")} text={t("sites.unknownText")} />
      </div>
    );
  }
  if (!site) return <div className="page" aria-busy="true" />;
  return (
    <SiteName value={site.name}>
      <Outlet />
    </SiteName>
  );
}
