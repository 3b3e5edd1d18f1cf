import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "kit/api/problem.ts";
import { Modal } from "kit/ui/Modal.tsx";
import { problemText } from "kit/ui/problemText.ts";
import { eraseBuyer } from "../api/client";
import { useLanguage } from "../i18n";
import { ORDERS } from "./OrdersPage";

/** Asks before a buyer is erased from all orders: nothing brings the buyer back. */
export function EraseDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => eraseBuyer(email),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ORDERS });
      onClose();
    },
  });
  return (
    <Modal
      title={t("orders.erase.title", { email })}
      text={t("orders.erase.text")}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t("common.cancel")}
          </button>
          <button type="button" className="button danger solid" disabled={erase.isPending} onClick={() => erase.mutate()}>
            {t("orders.erase.submit")}
          </button>
        </>
      }
    >
      <p>{t("orders.erase.visits")}</p>
      {erase.error && <p role="alert">{problemText(asProblem(erase.error), t)}</p>}
    </Modal>
  );
}
