import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { figureFile } from "../api/client";
import { withExtra } from "../api/queries";
import { useLanguage } from "../i18n";
import { useView } from "../view/useView";

/** The figure as CSV, with up to a thousand rows. The call says why when it fails, which a plain link could not. */
export function ExportButton({ call, name, extra = [] }: { call: string; name: string; extra?: readonly (readonly [string, string])[] }) {
  const { t } = useLanguage();
  const { site, query } = useView();
  const save = useMutation({
    mutationFn: () => figureFile(site, call, withExtra(query, extra)),
    onSuccess: (file) => {
      const url = URL.createObjectURL(file);
      const link = document.createElement("a");
      link.href = url;
      link.download = `${site}-${call.replace("/", "-")}.csv`;
      link.click();
      // The browser has begun to read it by then; until then the address must stay valid.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
  });
  const label = save.isError ? t("export.failed", { name }) : t("export.csv", { name });
  return (
    <button type="button" className="icon-button small" aria-label={label} title={label} disabled={save.isPending} onClick={() => save.mutate()}>
      <Download aria-hidden size={15} />
    </button>
  );
}
