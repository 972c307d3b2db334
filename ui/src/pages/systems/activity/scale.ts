import type { Stretch } from "./series";

/** A round number at or above the value: 1, 2, 5, 10, 20, 50 ... */
export function ceiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

export interface Scale {
  /** From the top of the chart to the line between completed and failed. */
  line: number;
  /** The largest counts that fit above and below the line. */
  above: number;
  below: number;
  /** The height of a bar; whatever happened at all stays visible. */
  length: (count: number) => number;
}

export const LEAST = 2;

/** Completed stand above the line and failed hang below it, on one and the same scale. */
export function scaleOf(all: readonly Stretch[], height: number): Scale {
  const above = ceiling(Math.max(0, ...all.map((one) => one.completed)));
  const most = Math.max(0, ...all.map((one) => one.failed));
  const below = most === 0 ? 0 : ceiling(most);
  const unit = height / (above + below);
  return {
    line: above * unit,
    above,
    below,
    length: (count) => (count === 0 ? 0 : Math.max(LEAST, count * unit)),
  };
}
