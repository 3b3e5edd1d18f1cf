import type { ReactElement } from "react";
import { useLanguage } from "../i18n";
import { Menu, MenuItem } from "kit/ui/Menu.tsx";
import { filterQuery, isFiltered, type ListParams } from "./listParams";
import { useExport } from "./useExport";
import type { Selection } from "./useSelection";

/** CSV of everything, of what the filters show, or of what is ticked. */
export default function ExportMenu({ trigger, params, selection }: { trigger: ReactElement; params: ListParams; selection: Selection }) {
  const { t } = useLanguage();
  const { start } = useExport();
  const selected = selection.products.size;
  return (
    <Menu trigger={trigger}>
      <MenuItem onSelect={() => void start({})}>{t("export.all")}</MenuItem>
      <MenuItem disabled={!isFiltered(params)} onSelect={() => void start(filterQuery(params))}>
        {t("export.filtered")}
      </MenuItem>
      <MenuItem disabled={selected === 0} onSelect={() => void start({ ids: [...selection.products.keys()] })}>
        {t("export.selected", { count: selected })}
      </MenuItem>
    </Menu>
  );
}
