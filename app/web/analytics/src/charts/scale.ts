/** Axes of round numbers. */

/** The ticks of an axis from zero that holds `most`: at most `count` steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticks(most: number, count = 4, whole = true): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10;
  const step = whole ? Math.max(1, Math.ceil(factor * power)) : factor * power;
  const all = [0];
  while ((all.at(-1) ?? 0) < most - step * 1e-9) all.push(all.length * step);
  return all;
}

/** Which of `count` points carry a label when one needs `width` of `all` pixels: evenly spread. */
export function labelled(count: number, all: number, width: number): number[] {
  const room = Math.max(1, Math.floor(all / width));
  const every = Math.max(1, Math.ceil(count / room));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
}

/** The points of a line as an SVG path. */
export function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}
