import { useInterval } from "@mantine/hooks";
import { useState } from "react";

/** The time in milliseconds, moving on every few seconds. */
export function useNow(everyMs = 5_000): number {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), everyMs, { autoInvoke: true });
  return now;
}
