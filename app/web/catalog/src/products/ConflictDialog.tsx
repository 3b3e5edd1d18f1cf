import { useLanguage } from "../i18n";
import { Modal } from "kit/ui/Modal.tsx";
import { ConflictPanel } from "./ConflictPanel";
import { setConflict, type Conflict } from "./conflicts";
import { fieldsIn } from "./fields";
import { useEdit } from "./useEdit";

/** The conflict of an edit made in the list. */
export default function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const { t } = useLanguage();
  const edit = useEdit();
  const close = () => setConflict(null);
  return (
    <Modal title={conflict.theirs.name} onClose={close} flush>
      <ConflictPanel
        {...conflict}
        busy={false}
        backLabel={t("common.cancel")}
        onBack={close}
        onSettle={(changes) => {
          close();
          if (fieldsIn(changes).length > 0) edit({ base: conflict.theirs, changes });
        }}
      />
    </Modal>
  );
}
