/** What the clocks of a zone show: the way from a date and time there to the moment that it is. */

const DAY_MS = 86_400_000;

export interface LocalMoment {
  /** In UTC. */
  at: string;
  /** As the API takes it: with its offset, so that it is one moment also when clocks go back. */
  written: string;
  /** What the zone is ahead of UTC then, such as `+01:00`. */
  offset: string;
}

/** The moments that `local` ("2026-12-10T18:00") is in a zone: none in a gap, two in an overlap. */
export function momentsOf(local: string, timeZone: string): LocalMoment[] {
  const shown = Date.parse(`${local}Z`);
  if (Number.isNaN(shown)) return [];
  const offsets = new Set([shown - DAY_MS, shown + DAY_MS].map((at) => offsetMs(at, timeZone)));
  return [...offsets]
    .map((offset) => ({ at: shown - offset, offset }))
    .filter(({ at, offset }) => offsetMs(at, timeZone) === offset)
    .sort((a, b) => a.at - b.at)
    .map(({ at, offset: ms }) => {
      const offset = shownOffset(ms);
      return { at: new Date(at).toISOString(), written: `${local}${offset}`, offset };
    });
}

/** What the clocks of a zone show at a moment: `2026-12-10T18:00`. */
export function localOf(at: string, timeZone: string): string {
  const moment = Date.parse(at);
  return new Date(moment + offsetMs(moment, timeZone)).toISOString().slice(0, 16);
}

/** Whether two zones show the same at a moment, so that only one of them needs telling. */
export function isSameClock(at: string, one: string, other: string): boolean {
  const moment = Date.parse(at);
  return offsetMs(moment, one) === offsetMs(moment, other);
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones to choose from besides those that are named: the reader's own, then all others. */
export function otherZones(named: readonly string[]): string[] {
  const all = new Set([ownZone(), "UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [...all].filter((zone) => !named.includes(zone));
}

/** How far a zone is ahead of UTC at a moment. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    of("year"),
    of("month") - 1,
    of("day"),
    of("hour"),
    of("minute"),
    of("second"),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

function shownOffset(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${ms < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
