import { CircleAlert, PackageOpen, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import "./states.css";

type Props = {
  title: string;
  text: string;
  /** Small print: what the API said, the request id. */
  detail?: string | undefined;
  action?: ReactNode;
  tone?: "empty" | "search" | "problem";
  heading?: "h1" | "h2";
};

const ICONS = { empty: PackageOpen, search: SearchX, problem: CircleAlert };

/** What stands where there is nothing to show: why, and what to do about it. */
export function Placeholder({ title, text, detail, action, tone = "empty", heading: Heading = "h2" }: Props) {
  const Icon = ICONS[tone];
  return (
    <div className={`placeholder ${tone}`} role={tone === "problem" ? "alert" : undefined}>
      <span className="placeholder-icon">
        <Icon aria-hidden size={26} strokeWidth={1.6} />
      </span>
      <Heading>{title}</Heading>
      <p>{text}</p>
      {detail && <p className="placeholder-detail">{detail}</p>}
      {action && <div className="placeholder-actions">{action}</div>}
    </div>
  );
}
