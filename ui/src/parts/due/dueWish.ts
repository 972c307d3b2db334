import { localOf, momentsOf, ownZone, type LocalMoment } from "./clocks";

/** What a person has chosen so far in `DueFields`. */
export interface DueWish {
  date: string;
  time: string;
  timeZone: string;
  /** Which of the two, when the clocks show the time twice. */
  isSecond: boolean;
}

export function dueWish(at: string | undefined, timeZone = ownZone()): DueWish {
  const [date = "", time = ""] = at ? localOf(at, timeZone).split("T") : [];
  return { date, time, timeZone, isSecond: false };
}

/** The moments that the wish may mean: none while it is not complete, or in a gap. */
export function momentsOfWish({ date, time, timeZone }: DueWish): LocalMoment[] {
  return date && time ? momentsOf(`${date}T${time.slice(0, 5)}`, timeZone) : [];
}

/** The one moment that is wished, if it is one by now. */
export function momentOfWish(wish: DueWish): LocalMoment | undefined {
  const found = momentsOfWish(wish);
  return wish.isSecond && found.length > 1 ? found[1] : found[0];
}

/** Whether the date and time are there, but no clock ever shows them. */
export function isInGap(wish: DueWish): boolean {
  return Boolean(wish.date && wish.time) && momentsOfWish(wish).length === 0;
}
