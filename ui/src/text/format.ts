/** Numbers, times and durations in the reader's language; times in a zone that is always shown. */

const NUMBER = new Intl.NumberFormat();
const made = new Map<string, Intl.DateTimeFormat>();

/** One for all who ask alike: making a formatter takes longer than drawing a table's cell. */
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const found = made.get(key) ?? new Intl.DateTimeFormat(undefined, options);
  made.set(key, found);
  return found;
}

export function count(value: number): string {
  return NUMBER.format(value);
}

export function money(value: string | number): string {
  return new Intl.NumberFormat(undefined, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(Number(value));
}

export function date(iso: string): string {
  return formatter({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

export function month(iso: string): string {
  return formatter({
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${iso}T00:00:00Z`));
}

/** A moment in the zone of a site, or in the reader's own, with the zone's short name. */
export function moment(iso: string, timeZone?: string): string {
  return formatter({
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(new Date(iso));
}

/** The day of a moment in a zone, for tables whose time stands below it. */
export function shortDay(iso: string, timeZone?: string): string {
  return formatter({ dateStyle: "medium", timeZone }).format(new Date(iso));
}

/** As `moment`, to the minute: how people agree on a time that is to come. */
export function dueMoment(iso: string, timeZone?: string): string {
  return formatter({
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(new Date(iso));
}

/** A day with its weekday, `Thursday, December 10, 2026`. */
export function longDay(iso: string): string {
  return formatter({ dateStyle: "full", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

/** How far a day is from another: `tomorrow`, `in 18 days`. */
export function daysFrom(today: string, day: string): string {
  const days = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day");
}

export function clock(iso: string, timeZone?: string): string {
  return formatter({
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(new Date(iso));
}

const UNITS: [number, string][] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** The two largest units that matter: `1 h 4 min`, `38 s`, `0.4 s`. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  const parts: string[] = [];
  let left = Math.round(seconds);
  for (const [size, unit] of UNITS) {
    const whole = Math.floor(left / size);
    if (whole > 0 || parts.length > 0) {
      if (whole > 0) parts.push(`${whole} ${unit}`);
      left -= whole * size;
      if (parts.length === 2 || size === 1) break;
    }
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

/** A word of the API as people read it: `wifi_devices` is `Wi-Fi devices`. */
export function words(name: string): string {
  const spaced = name
    .replaceAll("_", " ")
    .replace(/\bwifi\b/g, "Wi-Fi")
    .replace(/\bip\b/g, "IP");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** Bytes as people read them: `700 kB`. */
export function fileSize(bytes: number): string {
  const [amount, unit] =
    bytes < 1_000
      ? [bytes, "byte"]
      : bytes < 1_000_000
        ? [bytes / 1_000, "kilobyte"]
        : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: unit as string,
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(amount as number);
}
