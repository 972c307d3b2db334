import { moment } from "~/text/format";

/** A moment with its zone: the site's where one is given, else the reader's. */
export function Moment({ at, timeZone }: { at: string | null | undefined; timeZone?: string }) {
  if (!at) return null;
  return <time dateTime={at}>{moment(at, timeZone)}</time>;
}
