import { CircleAlert, CircleCheck, X } from "lucide-react";
import "./notices.css";
import { Toast } from "radix-ui";
import { useLanguage } from "../i18n";
import { handOnEscape } from "../ui/escape";
import { dismiss, useNotices } from "./notices";

export default function Notices() {
  const { t } = useLanguage();
  const notices = useNotices();
  return (
    <Toast.Provider label={t("notices.label")} swipeDirection="right">
      {notices.map((notice) => (
        <Toast.Root
          key={notice.id}
          className={`notice ${notice.tone}`}
          duration={notice.duration}
          type={notice.tone === "problem" ? "foreground" : "background"}
          onEscapeKeyDown={handOnEscape}
          onOpenChange={(open) => !open && dismiss(notice.id)}
        >
          {notice.tone === "problem" ? <CircleAlert aria-hidden size={18} /> : <CircleCheck aria-hidden size={18} />}
          <div className="notice-text">
            <Toast.Title>{notice.text}</Toast.Title>
            {notice.detail && <Toast.Description>{notice.detail}</Toast.Description>}
          </div>
          {notice.undo && (
            <Toast.Action altText={t("notices.undoHint")} asChild>
              <button type="button" className="button small" onClick={notice.undo}>
                {t("notices.undo")}
              </button>
            </Toast.Action>
          )}
          <Toast.Close className="icon-button small" aria-label={t("notices.close")}>
            <X aria-hidden size={15} />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="notices" label={t("notices.viewport")} />
    </Toast.Provider>
  );
}
