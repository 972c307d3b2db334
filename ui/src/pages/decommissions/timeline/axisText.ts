import { DAY } from "./scale";

const MINUTE = 60_000;

/** A tick's time in the reader's zone, as fine as the step between ticks; days by their date. */
export function axisTime(at: number, step: number, isDay: boolean): string {
  const style: Intl.DateTimeFormatOptions =
    step >= DAY || isDay
      ? { day: "numeric", month: "short" }
      : { hour: "2-digit", minute: "2-digit", ...(step < MINUTE && { second: "2-digit" }) };
  return new Intl.DateTimeFormat(undefined, style).format(at);
}

/** The short name of the reader's zone at a moment. */
export function zoneName(at: number): string {
  const parts = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}
