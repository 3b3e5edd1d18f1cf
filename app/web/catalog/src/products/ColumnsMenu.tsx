import type { ReactElement } from "react";
import { setPreferences, usePreferences } from "kit/shell/preferences.ts";
import { COLUMNS } from "./columnNames";
import { useLanguage } from "../i18n";
import { Menu, MenuCheck, MenuLabel } from "kit/ui/Menu.tsx";

export default function ColumnsMenu({ trigger }: { trigger: ReactElement }) {
  const { t } = useLanguage();
  const { hiddenColumns } = usePreferences();
  return (
    <Menu trigger={trigger}>
      <MenuLabel>{t("filters.columns")}</MenuLabel>
      {COLUMNS.map((column) => (
        <MenuCheck
          key={column}
          checked={!hiddenColumns.includes(column)}
          onChange={(on) => setPreferences({ hiddenColumns: on ? hiddenColumns.filter((hidden) => hidden !== column) : [...hiddenColumns, column] })}
        >
          {t(`fields.${column}`)}
        </MenuCheck>
      ))}
    </Menu>
  );
}
