import type { Schemas } from "~/api/client";

export type Schedule = Schemas["ScheduleOut"];

export interface Day<T> {
  /** `2026-12-10`, as the clocks of each schedule's own zone show it. */
  day: string;
  items: T[];
}

type Due = Pick<Schedule, "local_due_at" | "due_at">;

/** The day on which it is due where it is due: somewhere else it may be another day. */
export const dayOf = (one: Pick<Schedule, "local_due_at">): string => one.local_due_at.slice(0, 10);

/** By day, days in their order, and within a day by the moment. */
export function byDay<T extends Due>(items: readonly T[]): Day<T>[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const day = dayOf(item);
    found.set(day, [...(found.get(day) ?? []), item]);
  }
  return [...found]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([day, group]) => ({
      day,
      items: group.sort((one, other) => Date.parse(one.due_at) - Date.parse(other.due_at)),
    }));
}

/** How many are due in each month (`2026-12`), months in their order. */
export function byMonth(days: readonly Day<unknown>[]): { month: string; count: number }[] {
  const found = new Map<string, number>();
  for (const { day, items } of days) {
    const month = day.slice(0, 7);
    found.set(month, (found.get(month) ?? 0) + items.length);
  }
  return [...found].map(([month, count]) => ({ month, count }));
}

/** The days of a month in weeks that begin on Monday; `null` where the week is of another month. */
export function weeksOf(month: string): (string | null)[][] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const cells: (string | null)[] = Array.from({ length: before }, () => null);
  for (let day = 1; day <= length; day++) cells.push(`${month}-${String(day).padStart(2, "0")}`);
  while (cells.length % 7 > 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** The month that many months away. */
export function monthAway(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
