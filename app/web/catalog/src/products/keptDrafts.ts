/** Forms that were left by the back button with something typed: kept in memory, and offered back. */
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { useLocation, useNavigate } from "react-router";
import type { Product } from "../api/types";
import { notify } from "kit/shell/notices.ts";
import { useLanguage } from "../i18n";
import type { Draft } from "./draft";

/** What was typed, and the version of the product under it, so that a conflict is still found. */
export type Kept = { draft: Draft; base: Product | null };

const kept = new Map<string, Kept>();

/** What was typed at this address and lost, once. */
export function takeKept(path: string): Kept | undefined {
  const found = kept.get(path);
  kept.delete(path);
  return found;
}

type Form = Kept & { path: string; dirty: boolean; left: RefObject<boolean> };

/** Keeps the form's text when it is unmounted without having been saved or given up. */
export function useKeepDraft(form: Form): void {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const location = useLocation();
  const latest = useRef({ form, t, navigate, location });
  useLayoutEffect(() => {
    latest.current = { form, t, navigate, location };
  });
  useEffect(
    () => () => {
      const last = latest.current;
      const { path, draft, base, dirty, left } = last.form;
      if (!dirty || left.current) return;
      kept.set(path, { draft, base });
      const { search, state } = last.location;
      notify({
        tone: "problem",
        text: last.t("form.left"),
        detail: draft.name || undefined,
        undo: () => void last.navigate({ pathname: path, search }, { state }),
      });
    },
    [],
  );
}
