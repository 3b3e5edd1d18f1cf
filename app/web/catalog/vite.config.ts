import { application } from "../kit/vite.ts";
import { defineConfig } from "vite";

export default defineConfig(({ command }) =>
  application({
    command,
    api: process.env.CATALOG_API ?? "http://127.0.0.1:3000",
    core: ["lucide-react/.*/icons/(boxes|upload)\\.", "catalog/src/api/", "catalog/src/app/", "catalog/src/i18n/index\\."],
    groups: {
      // What the product list adds to what every page needs.
      list: [
        "catalog/src/products/(ListPage|ProductTable|columns|cells|badges|InlineEdit|Toolbar|Pager|PriceFilterButton|TableSkeleton|useListShortcuts|rowFocus|list|toolbar)\\.",
        "catalog/src/products/(listParams|paging|queries|usePlace|useSelection|useEdit|removal|conflicts|describe|fields|validate)\\.",
      ],
    },
  }),
);
