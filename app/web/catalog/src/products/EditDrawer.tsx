import { Tabs } from "radix-ui";
import { useRef } from "react";
import { useLocation, useParams } from "react-router";
import { asProblem } from "kit/api/problem.ts";
import { usePageTitle } from "kit/shell/usePageTitle.ts";
import { useRights } from "../app/useSession";
import { useLanguage } from "../i18n";
import { Drawer } from "kit/ui/Drawer.tsx";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { ProblemPlaceholder } from "kit/ui/ProblemPlaceholder.tsx";
import { EditForm } from "./EditForm";
import { HistoryList } from "./HistoryList";
import { useProduct } from "./queries";
import { useLeaveGuard } from "./useLeaveGuard";
import { usePlace } from "./usePlace";

/** One product: its fields, and its history on a second tab with an address of its own. */
export default function EditDrawer() {
  const { t } = useLanguage();
  const { id: text = "" } = useParams();
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  const onHistory = useLocation().pathname.endsWith("/history");
  const place = usePlace();
  const rights = useRights();
  const product = useProduct(id);
  const dirty = useRef(false);
  const guard = useLeaveGuard(dirty, () => place.open("/products"));
  const problem = product.error && asProblem(product.error);
  const name = product.data?.name ?? (problem ? t("edit.tabs") : t("edit.loading"));
  usePageTitle(onHistory ? `${t("history.title")}: ${name}` : name);

  return (
    <Drawer title={name} subtitle={product.data && <span className="sku">{product.data.sku}</span>} returnTo={`[data-product="${id}"]`} onClose={guard.close}>
      {problem?.kind === "missing" && !product.data ? (
        <Placeholder tone="search" title={t("edit.gone.title")} text={t("edit.gone.text")} />
      ) : problem && !product.data ? (
        <ProblemPlaceholder problem={problem} onRetry={() => void product.refetch()} />
      ) : product.data ? (
        <Tabs.Root className="tabs" value={onHistory ? "history" : "details"} onValueChange={(tab) => place.open(tab === "history" ? `/products/${id}/history` : `/products/${id}`)}>
          <Tabs.List className="tab-list" aria-label={t("edit.tabs")}>
            <Tabs.Trigger value="details">{t("edit.details")}</Tabs.Trigger>
            <Tabs.Trigger value="history">{t("history.title")}</Tabs.Trigger>
          </Tabs.List>
          <Tabs.Content value="details" className="tab" tabIndex={-1} forceMount hidden={onHistory}>
            {!product.isPlaceholderData && <EditForm key={id} product={product.data} readOnly={!rights.write} guard={guard} dirtyRef={dirty} />}
          </Tabs.Content>
          <Tabs.Content value="history" className="tab drawer-body">
            <HistoryList product={product.data} readOnly={!rights.write} />
          </Tabs.Content>
        </Tabs.Root>
      ) : (
        <div className="drawer-body" aria-busy="true" />
      )}
    </Drawer>
  );
}
