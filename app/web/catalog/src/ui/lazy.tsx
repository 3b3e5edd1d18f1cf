/** The state that a first load rarely shows, loaded when it does. */
import { lazy } from "react";

export const ProblemPlaceholder = lazy(() => import("./ProblemPlaceholder").then(({ ProblemPlaceholder: component }) => ({ default: component })));
