import type { ReactElement } from "react";
import type { Status } from "../api/types";
import { useLanguage } from "../i18n";
import { Menu, MenuItem } from "kit/ui/Menu.tsx";
import { STATUSES } from "./listParams";

export default function BulkStatusMenu({ trigger, onChoose }: { trigger: ReactElement; onChoose: (status: Status) => void }) {
  const { t } = useLanguage();
  return (
    <Menu trigger={trigger} side="top">
      {STATUSES.map((status) => (
        <MenuItem key={status} onSelect={() => onChoose(status)}>
          {t(`status.${status}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
