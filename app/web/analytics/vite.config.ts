import { application } from "../kit/vite.ts";
import { defineConfig } from "vite";

export default defineConfig(({ command }) =>
  application({
    command,
    api: process.env.ANALYTICS_API ?? "http://127.0.0.1:4001",
    core: ["lucide-react/.*/icons/(layout-dashboard|package|search|filter|repeat|route|radio|shield-check|plus|download|table-2|chart-line|calendar-days)\\.", "analytics/src/(api|app|view|parts|charts)/", "analytics/src/i18n/index\\."],
    groups: { overview: ["analytics/src/pages/(OverviewPage|overview)"] },
  }),
);
