import type { Entered } from "./hindrance";

const GOOD_FOR_MS = 600_000;

/** Keeps what was entered over a new login, which leaves the page; never the tick. */
export function keepDraft(occupierId: string, { understood: _, ...entered }: Entered): void {
  sessionStorage.setItem(keyOf(occupierId), JSON.stringify({ entered, at: Date.now() }));
}

/** What was entered before a login of just now. */
export function readDraft(occupierId: string): Entered | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(occupierId)) ?? "null") as {
      entered: Entered;
      at: number;
    } | null;
    return kept && Date.now() - kept.at < GOOD_FOR_MS ? kept.entered : undefined;
  } catch {
    return undefined;
  }
}

export function dropDraft(occupierId: string): void {
  sessionStorage.removeItem(keyOf(occupierId));
}

function keyOf(occupierId: string): string {
  return `decommission/${occupierId}`;
}
