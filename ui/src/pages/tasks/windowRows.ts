/** A row in sight, or the height of the rows that are left out before the next one. */
type Slot = { row: number } | { gap: number; before: number };

/** The rows that are drawn, with gaps for those that are not; `total` is the height of all. */
export function slotsOf(
  drawn: readonly { index: number; start: number; end: number }[],
  total: number,
): Slot[] {
  const slots: Slot[] = [];
  let at = 0;
  for (const { index, start, end } of drawn) {
    if (start > at) slots.push({ gap: start - at, before: index });
    slots.push({ row: index });
    at = end;
  }
  if (total > at) slots.push({ gap: total - at, before: -1 });
  return slots;
}

/** How far rows that were put above the anchor push it down; 0 when it is gone. */
export function pushOf(ids: readonly string[], anchor: { id: string; index: number }): number {
  const now = ids.indexOf(anchor.id);
  return now < 0 ? 0 : now - anchor.index;
}
