import { usePageTitle } from "kit/shell/usePageTitle.ts";
import type { ReactNode } from "react";
import { Controls, type Shown } from "./Controls";
import { Freshness } from "./Freshness";

type Props = {
  title: string;
  text?: string;
  /** Of the newest answer: how fresh the page is. */
  answer?: { as_of?: string | null; behind_ms: number } | undefined;
  /** What of the view the page has a use for. */
  controls?: Shown;
  /** Further controls of the page's own. */
  own?: ReactNode;
  children: ReactNode;
};

/** A page: its title, how fresh it is, what is looked at, and its panels. */
export function Page({ title, text, answer, controls = "period", own, children }: Props) {
  usePageTitle(title);
  return (
    <div className="page dashboard">
      <header className="view-head">
        <div className="view-title">
          <h1>{title}</h1>
          {answer ? <Freshness asOf={answer.as_of ?? null} behind={answer.behind_ms} /> : text && <p className="muted">{text}</p>}
        </div>
        <Controls show={controls} own={own} />
      </header>
      {children}
    </div>
  );
}
