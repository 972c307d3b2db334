import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { pushOf, slotsOf } from "./windowRows";

export const ROW_PX = 56;

/**
 * Draws only the rows in sight and the one that holds the focus; the row that is looked at stays
 * where it is when others come in above it.
 */
export function useWindow(items: readonly { id: string }[]) {
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string>();
  const ids = useMemo(() => items.map((item) => item.id), [items]);
  const kept = focused === undefined ? -1 : ids.indexOf(focused);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    scrollPaddingStart: ROW_PX, // the head sticks there
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      if (kept < 0 || inSight.includes(kept)) return inSight;
      return [...inSight, kept].sort((one, other) => one - other);
    },
  });
  useAnchor(scroller, ids);
  const drawn = rows.getVirtualItems();
  return {
    scroller,
    slots: slotsOf(drawn, rows.getTotalSize()),
    last: drawn.at(-1)?.index ?? 0,
    onFocus: setFocused,
    /** Puts the focus on the row's link, which may not be drawn yet. */
    focusRow: (index: number) => {
      const id = ids[index];
      if (id === undefined) return;
      setFocused(id);
      rows.scrollToIndex(index);
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(linkOf(id))?.focus(),
      );
    },
  };
}

const linkOf = (id: string) => `[data-task="${CSS.escape(id)}"] a`;

function useAnchor(scroller: { current: HTMLDivElement | null }, ids: readonly string[]) {
  const anchor = useRef<{ id: string; index: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (anchor.current && box.scrollTop > 0) box.scrollTop += pushOf(ids, anchor.current) * ROW_PX;
    const look = () => {
      const index = Math.floor(box.scrollTop / ROW_PX);
      const id = ids[index];
      anchor.current = id === undefined ? undefined : { id, index };
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, [scroller, ids]);
}
