import { Archive, CircleCheck, CircleDashed, History, Pencil, Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import { Link } from "react-router";
import type { Product, Status } from "../api/types";
import type { Rights } from "../app/useSession";
import { useLanguage } from "../i18n";
import { Menu, MenuItem, MenuLine } from "kit/ui/Menu.tsx";
import { STATUSES } from "./listParams";
import type { Place } from "./usePlace";

const ICONS = { active: CircleCheck, draft: CircleDashed, archived: Archive };

type Props = {
  trigger: ReactElement;
  product: Product;
  rights: Rights;
  link: Place["link"];
  onRemove: (product: Product) => void;
  onStatus: (status: Status) => void;
};

/** What can be done with one product. */
export default function RowMenu({ trigger, product, rights, link, onRemove, onStatus }: Props) {
  const { t } = useLanguage();
  return (
    <Menu trigger={trigger}>
      <MenuItem asChild>
        <Link {...link(`/products/${product.id}`)}>
          <Pencil aria-hidden size={16} /> {rights.write ? t("list.edit") : t("list.view")}
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link {...link(`/products/${product.id}/history`)}>
          <History aria-hidden size={16} /> {t("history.title")}
        </Link>
      </MenuItem>
      {rights.write && (
        <>
          <MenuLine />
          {STATUSES.filter((status) => status !== product.status).map((status) => {
            const Icon = ICONS[status];
            return (
            <MenuItem key={status} onSelect={() => onStatus(status)}>
              <Icon aria-hidden size={16} /> {t(`list.makeStatus.${status}`)}
            </MenuItem>
            );
          })}
          <MenuLine />
          <MenuItem danger onSelect={() => onRemove(product)}>
            <Trash2 aria-hidden size={16} /> {t("list.delete")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
