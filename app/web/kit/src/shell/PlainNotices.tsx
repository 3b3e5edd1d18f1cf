import { useLanguage } from "../i18n";
import { dismiss, useNotices } from "./notices";
import "./notices.css";

/** The notices where their own chunk did not come: the same words and buttons, without swipes and timers. */
export function PlainNotices() {
  const { t } = useLanguage();
  return (
    <div className="notices" role="status">
      {useNotices().map((notice) => (
        <div key={notice.id} className={`notice ${notice.tone}`}>
          <div className="notice-text">
            <div>{notice.text}</div>
            {notice.detail && <div>{notice.detail}</div>}
          </div>
          {notice.undo && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                dismiss(notice.id);
                notice.undo?.();
              }}
            >
              {t("notices.undo")}
            </button>
          )}
          <button type="button" className="button small quiet" onClick={() => dismiss(notice.id)}>
            {t("notices.close")}
          </button>
        </div>
      ))}
    </div>
  );
}
