import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState, type KeyboardEvent } from "react";
import { moved } from "./keys";

export const ROW_PX = 44;

/** One place of the grid: the row by its key, as rows move while somebody stands on one. */
interface Held {
  key: string;
  column: number;
}

/** Draws the rows in sight and the one that holds the focus, which the keys move. */
export function useRoving(keys: readonly string[], widthOf: (row: number) => number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<Held>();
  const row = Math.max(0, held ? keys.indexOf(held.key) : 0);
  const at = { row, column: Math.min(held?.column ?? 0, widthOf(row) - 1) };
  const virtual = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => keys[index]!,
    estimateSize: () => ROW_PX,
    overscan: 6,
    scrollPaddingStart: ROW_PX * 1.5, // the head sticks there
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      if (inSight.includes(at.row) || at.row >= keys.length) return inSight;
      return [...inSight, at.row].sort((one, other) => one - other);
    },
  });

  function onKeyDown(event: KeyboardEvent) {
    const pressed = { key: event.key, isControl: event.ctrlKey || event.metaKey };
    const to = moved(at, pressed, { rows: keys.length, columns: widthOf(at.row) });
    const key = to && keys[to.row];
    if (!to || key === undefined) return;
    event.preventDefault();
    // The column is kept while the keys pass a group's head, which has one only.
    const column = to.row === at.row ? to.column : (held?.column ?? to.column);
    setHeld({ key, column });
    virtual.scrollToIndex(to.row);
    const shown = Math.min(column, widthOf(to.row) - 1);
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-place="${CSS.escape(`${key}/${shown}`)}"]`)
        ?.focus(),
    );
  }

  return {
    scroller,
    virtual,
    at,
    onKeyDown,
    onFocus: (key: string, column: number) => setHeld({ key, column }),
  };
}
