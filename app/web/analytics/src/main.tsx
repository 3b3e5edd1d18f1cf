import { start } from "kit/start.tsx";
import { AppRoutes } from "./app/Routes";
import { LOADERS } from "./i18n";
import "./dashboard.css";

await start(LOADERS, <AppRoutes />);
