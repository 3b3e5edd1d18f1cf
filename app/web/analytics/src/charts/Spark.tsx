import { path } from "./scale";

/** A line without axes, for the shape alone: its numbers stand elsewhere. */
export function Spark({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null;
  const most = Math.max(...values, 1e-9);
  const points = values.map((value, index) => [(100 * index) / (values.length - 1), 26 - (24 * value) / most] as const);
  return (
    <svg className="spark" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden>
      <path className="spark-area" d={`${path(points)}L100 28L0 28Z`} />
      <path className="spark-line" d={path(points)} />
    </svg>
  );
}
