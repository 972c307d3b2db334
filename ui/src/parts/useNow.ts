import { useEffect, useState } from "react";

/** The present moment in milliseconds; it moves on every so often, or not at all. */
export function useNow(everyMs: number | false): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === false) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
