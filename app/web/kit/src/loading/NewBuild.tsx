import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { useLanguage } from "../i18n";
import { canUndo } from "../shell/notices";
import { hasNewBuild, useNewBuild } from "./build";
import { isBusy } from "./busy";
import "./loading.css";

/** How long a tab that nobody looks at waits before it takes the new build. */
const UNSEEN_MS = 60_000;

const mayReload = () => hasNewBuild() && !isBusy() && !canUndo();

/** Announces a new build, and takes it when nothing is in hand: on the way to another page, or in a tab nobody looks at. */
export function NewBuild() {
  const { t } = useLanguage();
  const announced = useNewBuild();
  const [later, setLater] = useState(false);
  const page = useLocation().pathname.split("/")[1];
  const shown = useRef(page);

  useEffect(() => {
    if (shown.current !== page && mayReload()) location.reload();
    shown.current = page;
  }, [page]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turned = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") timer = setTimeout(() => mayReload() && location.reload(), UNSEEN_MS);
    };
    document.addEventListener("visibilitychange", turned);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", turned);
    };
  }, []);

  if (!announced || later) return null;
  return (
    <div className="strip" role="status">
      <span>{t("loading.newBuild.text")}</span>
      <button type="button" className="button small" onClick={() => location.reload()}>
        {t("loading.newBuild.take")}
      </button>
      <button type="button" className="button small quiet" onClick={() => setLater(true)}>
        {t("loading.newBuild.later")}
      </button>
    </div>
  );
}
