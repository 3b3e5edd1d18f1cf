import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { time } from "../format/format";
import { useLanguage } from "../i18n";
import { useConnection } from "./connection";
import "./loading.css";

/** How often the server is asked again while it does not answer. */
const AGAIN_MS = 5_000;

/** Says that the server does not answer, and of when the page is; reads everything anew as soon as it answers again. */
export function NoConnection() {
  const { t, locale } = useLanguage();
  const queries = useQueryClient();
  const { lost, heard } = useConnection();

  useEffect(() => {
    if (!lost) return;
    const ask = () => void queries.refetchQueries({ type: "active" });
    const timer = setInterval(ask, AGAIN_MS);
    addEventListener("online", ask);
    return () => {
      clearInterval(timer);
      removeEventListener("online", ask);
    };
  }, [lost, queries]);

  if (!lost) return null;
  return (
    <div className="strip warning" role="status">
      {t("loading.noConnection", { time: time(new Date(heard).toISOString(), locale) })}
    </div>
  );
}
