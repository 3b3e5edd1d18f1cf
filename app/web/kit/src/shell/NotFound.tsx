import { Link } from "react-router";
import { useLanguage } from "../i18n";
import { Placeholder } from "../ui/Placeholder";
import { usePageTitle } from "./usePageTitle";

export function NotFound({ home, action }: { home: string; action: string }) {
  const { t } = useLanguage();
  usePageTitle(t("notFound.title"));
  return (
    <div className="page">
      <Placeholder
        heading="h1"
        title={t("notFound.title")}
        text={t("notFound.text")}
        action={
          <Link className="button primary" to={home}>
            {action}
          </Link>
        }
      />
    </div>
  );
}
