import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { StatusBadge } from "~/parts/StatusBadge";
import { text } from "~/text/en";
import { nextRow } from "./nextRow";
import type { OccupierListing } from "./useOccupierList";

const ROW_PX = 36;
/** So many rows before the end of what is loaded, the next page is fetched. */
const AHEAD = 100;

/** Links to occupiers; draws only those in sight, so that ten thousand scroll as smoothly as ten. */
export function OccupierRows({
  listing,
  chosen,
  tab = "contracts",
}: {
  listing: OccupierListing;
  chosen?: string;
  tab?: string;
}) {
  const { pages, items } = listing;
  const [asked] = useSearchParams();
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const seen = rows.getVirtualItems();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  useScrollTo(
    items.findIndex((item) => item.id === chosen),
    rows.scrollToIndex,
  );

  const wanted = useRef<number>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return; // else it is drawn now or with the next scroll
    const link = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const here = (event.target as HTMLElement).dataset.row;
    const next = here && nextRow(event.key, Number(here), items.length);
    if (next === undefined || next === "") return;
    event.preventDefault();
    wanted.current = next;
    rows.scrollToIndex(next);
    scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus();
  };

  return (
    <nav ref={scroller} className="occupier-list" aria-label={text.occupiers.title}>
      <ul style={{ height: rows.getTotalSize() }} onKeyDown={onKeyDown}>
        {seen.map((row) => {
          const item = items[row.index]!;
          return (
            <li
              key={item.id}
              aria-setsize={hasNextPage ? -1 : items.length}
              aria-posinset={row.index + 1}
              style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }}
            >
              <Link
                to={`/occupiers/${item.id}/${tab}?${asked}`}
                data-row={row.index}
                aria-current={item.id === chosen ? "page" : undefined}
              >
                <span dir="auto" title={item.name}>
                  {item.name}
                </span>
                {item.status !== "active" && <StatusBadge status={item.status} isShort />}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Brings the chosen row into sight once, when it is first there. */
function useScrollTo(index: number, scrollTo: (index: number) => void) {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || index < 0) return;
    isDone.current = true;
    scrollTo(index);
  }, [index, scrollTo]);
}
