import { start } from "kit/start.tsx";
import { AppRoutes } from "./app/Routes";
import { LOADERS } from "./i18n";
import "./shop.css";

await start(LOADERS, <AppRoutes />);
