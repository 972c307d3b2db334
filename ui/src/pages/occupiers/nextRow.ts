const FAR = 10;

/** The row that a key leads to from this one; `undefined` for a key that leads nowhere. */
export function nextRow(key: string, here: number, count: number): number | undefined {
  const there: Record<string, number> = {
    ArrowDown: here + 1,
    ArrowUp: here - 1,
    PageDown: here + FAR,
    PageUp: here - FAR,
    Home: 0,
    End: count - 1,
  };
  const wanted = there[key];
  return wanted === undefined ? undefined : Math.max(0, Math.min(count - 1, wanted));
}
