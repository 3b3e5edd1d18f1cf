/** The states that a first load rarely shows, loaded when they are. */
import { lazy } from "react";

export const Placeholder = lazy(() => import("./Placeholder").then(({ Placeholder: component }) => ({ default: component })));
export const ProblemPlaceholder = lazy(() => import("./ProblemPlaceholder").then(({ ProblemPlaceholder: component }) => ({ default: component })));
