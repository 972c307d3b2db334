/** Percentages of a bar on which the active time, the usual one and the threshold all have room. */
interface ClockScale {
  active: number;
  usual: number;
  threshold: number;
  isBeyond: boolean;
}

export function clockScale(active: number, usual: number, threshold: number): ClockScale {
  const longest = Math.max(active, usual, threshold) * 1.1 || 1;
  const part = (seconds: number) => (100 * Math.max(seconds, 0)) / longest;
  return {
    active: part(active),
    usual: part(usual),
    threshold: part(threshold),
    isBeyond: active > threshold,
  };
}
