import { useState } from "react";

const FIRST = 50;
const MORE = 200;

/** The first of many, and how to see more: hundreds of rows are drawn only when asked for. */
export function useSome<T>(items: readonly T[]) {
  const [limit, setLimit] = useState(FIRST);
  return {
    some: items.slice(0, limit),
    next: Math.min(MORE, items.length - limit),
    showMore: () => setLimit(limit + MORE),
  };
}
