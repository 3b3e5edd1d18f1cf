import { useEffect } from "react";
import { useLanguage } from "../i18n";
import { Placeholder } from "../ui/Placeholder";
import { useNewBuild } from "./build";
import "./loading.css";

type Props = { retry: () => void };

/** Says at the edge of the screen that a menu, a drawer or a dialog did not come. */
export function FailedPart({ retry }: Props) {
  const { t } = useLanguage();
  const newBuild = useNewBuild();
  useRetryOnline(retry);
  return (
    <div className="failed-part banner problem" role="alert">
      <strong>{t("loading.failed.title")}</strong>
      <p>{t(newBuild ? "loading.failed.newBuild" : "loading.failed.text")}</p>
      <Choices retry={retry} />
    </div>
  );
}

/** The same in place of a whole page. */
export function FailedPage({ retry }: Props) {
  const { t } = useLanguage();
  const newBuild = useNewBuild();
  useRetryOnline(retry);
  return (
    <div className="page">
      <Placeholder tone="problem" heading="h1" title={t("loading.failed.title")} text={t(newBuild ? "loading.failed.newBuild" : "loading.failed.text")} action={<Choices retry={retry} />} />
    </div>
  );
}

function Choices({ retry }: Props) {
  const { t } = useLanguage();
  return (
    <div className="failed-choices">
      <button type="button" className="button small" onClick={retry}>
        {t("common.retry")}
      </button>
      <button type="button" className="button small" onClick={() => location.reload()}>
        {t("crash.reload")}
      </button>
    </div>
  );
}

/** What was missing for want of a connection is asked for when there is one. */
function useRetryOnline(retry: () => void): void {
  useEffect(() => {
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  });
}
