import { useLocation, useNavigate, useSearchParams, type NavigateOptions, type To } from "react-router";
import { parseParams, toSearch, withFilter, type ListParams } from "./listParams";
import { stackOf, type CursorStack, type Step } from "./paging";

export type Place = {
  params: ListParams;
  cursors: CursorStack;
  /** Other filters; `replace` while somebody types, so that the back button does not step through letters. */
  filter: (change: Partial<Omit<ListParams, "cursor" | "page">>, replace?: boolean) => void;
  go: (step: Step) => void;
  /** Where a drawer or the bare list is, with the list behind it left as it is. */
  link: (path: string) => { to: To; state: unknown };
  open: (path: string) => void;
};

/** Where the reader is in the list, read from and written to the address and the history entry. */
export function usePlace(): Place {
  const [search] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const params = parseParams(search);
  const cursors = stackOf(location.state);

  const show = (next: ListParams, options: NavigateOptions) => void navigate({ pathname: "/products", search: toSearch(next).toString() }, options);
  const link = (path: string) => ({ to: { pathname: path, search: location.search }, state: { cursors } });

  return {
    params,
    cursors,
    filter: (change, replace = false) => show(withFilter(params, change), { replace }),
    go: (step) => show(step.params, { state: { cursors: step.cursors } }),
    link,
    open: (path) => {
      const { to, state } = link(path);
      void navigate(to, { state });
    },
  };
}
