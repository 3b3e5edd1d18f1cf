import { Link } from "react-router";
import { useLanguage } from "../i18n";
import { Placeholder } from "kit/ui/Placeholder.tsx";
import { isFiltered } from "./listParams";
import type { Place } from "./usePlace";

/** An empty list: because of the filters, because the page has run out, or because there is no product yet. */
export default function NothingHere({ place, write, admin }: { place: Place; write: boolean; admin: boolean }) {
  const { t } = useLanguage();
  const { params } = place;
  if (isFiltered(params)) {
    return (
      <Placeholder
        tone="search"
        title={t("list.noMatch.title")}
        text={t("list.noMatch.text")}
        action={
          <button type="button" className="button" onClick={() => place.filter({ q: "", category: "", status: "", stock: "", min: "", max: "" })}>
            {t("filters.clear")}
          </button>
        }
      />
    );
  }
  if (params.cursor !== "") {
    return (
      <Placeholder
        title={t("list.pageGone.title")}
        text={t("list.pageGone.text")}
        action={
          <button type="button" className="button" onClick={() => place.filter({})}>
            {t("pager.first")}
          </button>
        }
      />
    );
  }
  return (
    <Placeholder
      title={t("list.empty.title")}
      text={write ? t("list.empty.text") : t("list.empty.readOnly")}
      action={
        write && (
          <>
            <Link className="button primary" {...place.link("/products/new")}>
              {t("list.create")}
            </Link>
            {admin && (
              <Link className="button" to="/import">
                {t("import.title")}
              </Link>
            )}
          </>
        )
      }
    />
  );
}
