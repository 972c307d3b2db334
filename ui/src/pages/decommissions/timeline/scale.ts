/** Moments, as milliseconds, and where they stand on a line of so many pixels. */
export interface Extent {
  from: number;
  to: number;
}

export interface Tick {
  at: number;
  /** Whether a new day begins there, in the reader's zone. */
  isDay: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 365].map((count) => count * DAY),
];

const SHORTEST = 5 * SECOND;

/** From the first moment to the last, with a little room behind, never without length. */
export function extentOf(moments: readonly number[]): Extent | undefined {
  if (moments.length === 0) return undefined;
  const from = moments.reduce((least, each) => Math.min(least, each));
  const last = moments.reduce((most, each) => Math.max(most, each));
  const length = Math.max(last - from, SHORTEST);
  return { from, to: from + length * 1.03 };
}

export function place(at: number, { from, to }: Extent, width: number): number {
  return ((Math.min(Math.max(at, from), to) - from) / (to - from)) * width;
}

/** The least step by which at most so many ticks stand in the extent. */
export function stepOf({ from, to }: Extent, most: number): number {
  const wanted = (to - from) / Math.max(most, 1);
  return STEPS.find((step) => step >= wanted) ?? STEPS[STEPS.length - 1]!;
}

/** Ticks at round times of the reader's clock; `offset` tells its minutes from UTC at a moment. */
export function ticksOf(
  extent: Extent,
  most: number,
  offset: (at: number) => number = utcOffset,
): Tick[] {
  const step = stepOf(extent, most);
  const ticks: Tick[] = [];
  const start = extent.from + offset(extent.from) * MINUTE;
  for (let local = Math.ceil(start / step) * step; ; local += step) {
    const at = local - offset(local - offset(extent.from) * MINUTE) * MINUTE;
    if (at > extent.to) return ticks;
    if (at >= extent.from) ticks.push({ at, isDay: local % DAY === 0 });
  }
}

/** Minutes by which the reader's clock is ahead of UTC. */
function utcOffset(at: number): number {
  return -new Date(at).getTimezoneOffset();
}
