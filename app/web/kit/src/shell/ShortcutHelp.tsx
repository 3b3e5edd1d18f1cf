import { useLanguage } from "../i18n";
import { Modal } from "../ui/Modal";
import { setPreferences, usePreferences } from "./preferences";
import type { KeyGroup } from "./shortcuts";
import "../ui/field.css";

const apple = /mac|iphone|ipad/i.test(navigator.userAgent);

/** A key as it is printed on the keyboard. */
function keyName(key: string): string {
  if (key === "Mod") return apple ? "⌘" : "Ctrl";
  if (key === "ArrowDown") return "↓";
  if (key === "ArrowUp") return "↑";
  return key.length === 1 ? key.toUpperCase() : key;
}

export default function ShortcutHelp({ groups, onClose }: { groups: readonly KeyGroup[]; onClose: () => void }) {
  const { t } = useLanguage();
  const { singleKeys } = usePreferences();
  return (
    <Modal title={t("shortcuts.title")} onClose={onClose} wide>
      <div className="shortcut-groups">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.lines.map((line) => (
                <div key={line.label}>
                  <dt>{line.label}</dt>
                  <dd>
                    {line.keys.map((keys, index) => (
                      <span key={keys}>
                        {index > 0 && <span className="muted"> / </span>}
                        {keys.split(/[+ ]/).map((key) => (
                          <kbd key={key}>{keyName(key)}</kbd>
                        ))}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="check-line">
        <input type="checkbox" checked={singleKeys} onChange={(event) => setPreferences({ singleKeys: event.target.checked })} />
        <span>
          {t("shortcuts.singleKeys")}
          <small className="muted">{t("shortcuts.singleKeysHint")}</small>
        </span>
      </label>
    </Modal>
  );
}
