import { useLanguage } from "../i18n";
import { Placeholder } from "../ui/Placeholder";

export function CrashPage({ error }: { error: Error }) {
  const { t } = useLanguage();
  return (
    <main className="page">
      <Placeholder
        tone="problem"
        heading="h1"
        title={t("crash.title")}
        text={t("crash.text")}
        detail={error.message}
        action={
          <button type="button" className="button primary" onClick={() => location.reload()}>
            {t("crash.reload")}
          </button>
        }
      />
    </main>
  );
}
