import { useState, type KeyboardEvent, type PointerEvent } from "react";
import { labelled, path, ticks } from "./scale";
import { useWidth } from "./useWidth";

export type Point = { at: string; value: number; complete: boolean };

type Props = {
  /** What is drawn, as a screen reader says it. */
  title: string;
  points: readonly Point[];
  /** The period that is compared with, step by step. */
  before?: readonly Point[] | undefined;
  /** Whether the values are whole numbers. */
  whole?: boolean;
  /** A value in words, on the axis and in full. */
  axis: (value: number) => string;
  value: (value: number) => string;
  /** A step in words, on the axis and in full. */
  step: (at: string) => string;
  beforeLabel: string;
  partLabel: string;
};

const HEIGHT = 260;
const TOP = 12;
const BOTTOM = 26;

/** A line over time. Arrow keys go from step to step, as the pointer does. */
export function LineChart({ title, points, before = [], whole = true, axis, value, step, beforeLabel, partLabel }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(900);
  const [active, setActive] = useState<number | null>(null);
  const all = ticks(Math.max(0, ...points.map((point) => point.value), ...before.slice(0, points.length).map((point) => point.value)), 4, whole);
  const top = all.at(-1) ?? 1;
  const left = 14 + 7 * Math.max(...all.map((tick) => axis(tick).length));
  const right = 12;
  const last = Math.max(1, points.length - 1);
  const x = (index: number) => left + ((width - left - right) * index) / last;
  const y = (number: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - number / top);
  const line = points.map((point, index) => [x(index), y(point.value)] as const);
  const open = points.findIndex((point) => !point.complete);
  const done = open < 0 ? points.length : Math.max(1, open);
  const base = y(0);
  const area = line.length > 1 ? `${path(line)}L${x(last).toFixed(1)} ${base}L${x(0).toFixed(1)} ${base}Z` : "";

  const nearest = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.round(((event.clientX - box.left - left) / (width - left - right)) * last);
    setActive(Math.min(points.length - 1, Math.max(0, at)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const now = active ?? points.length - 1;
    const next = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: points.length - 1 }[event.key];
    if (event.key === "Escape") setActive(null);
    if (next === undefined) return;
    event.preventDefault();
    setActive(Math.min(points.length - 1, Math.max(0, next)));
  };
  const shown = active === null ? undefined : points[active];
  const compared = active === null ? undefined : before[active];
  const words = (index: number) => {
    const point = points[index];
    return point ? `${step(point.at)}: ${value(point.value)}` : "";
  };
  const spot = points.length > 0 ? (active ?? points.length - 1) : 0;
  return (
    <div
      ref={ref}
      className="line-chart"
      role="slider"
      tabIndex={0}
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={spot}
      aria-valuetext={words(spot)}
      onKeyDown={onKeyDown}
      onBlur={() => setActive(null)}
      onPointerMove={nearest}
      onPointerLeave={() => setActive(null)}
    >
      <svg aria-hidden width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <defs>
          <linearGradient id="line-chart-area" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" className="area-top" />
            <stop offset="1" className="area-bottom" />
          </linearGradient>
        </defs>
        {all.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text className="tick" x={left - 8} y={y(tick) + 4} textAnchor="end">
              {axis(tick)}
            </text>
          </g>
        ))}
        {labelled(points.length, width - left - right, 84).map((index) => {
          const point = points[index];
          const anchor = index === 0 ? "start" : index === points.length - 1 ? "end" : "middle";
          return (
            point && (
              <text key={index} className="tick" x={x(index)} y={HEIGHT - 6} textAnchor={anchor}>
                {step(point.at)}
              </text>
            )
          );
        })}
        {area && <path d={area} fill="url(#line-chart-area)" />}
        {before.length > 1 && <path className="before" d={path(before.slice(0, points.length).map((point, index) => [x(index), y(point.value)] as const))} />}
        <path className="line" d={path(line.slice(0, done))} />
        {done < points.length && <path className="line part" d={path(line.slice(done - 1))} />}
        {active !== null && shown && (
          <g>
            <line className="cross" x1={x(active)} x2={x(active)} y1={TOP} y2={base} />
            {compared && <circle className="dot-before" cx={x(active)} cy={y(compared.value)} r={4} />}
            <circle className="dot" cx={x(active)} cy={y(shown.value)} r={5} />
          </g>
        )}
      </svg>
      {active !== null && shown && (
        <div className={x(active) > width / 2 ? "chart-tip to-left" : "chart-tip"} style={{ insetInlineStart: x(active) }}>
          <p className="tip-step">
            {step(shown.at)}
            {!shown.complete && <span className="badge">{partLabel}</span>}
          </p>
          <p className="tip-value">{value(shown.value)}</p>
          {compared && (
            <p className="tip-before">
              {value(compared.value)} · {step(compared.at)} <span className="visually-hidden">{beforeLabel}</span>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
