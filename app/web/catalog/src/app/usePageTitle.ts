import { useEffect } from "react";
import { useLanguage } from "../i18n";

/** Names the page in the tab and to screen readers. */
export function usePageTitle(title: string): void {
  const { t } = useLanguage();
  const product = t("app.name");
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
