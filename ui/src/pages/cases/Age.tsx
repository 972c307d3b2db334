import { useNow } from "~/parts/useNow";
import { duration, moment } from "~/text/format";
import { text } from "~/text/en";

/** How long ago something was; the moment itself shows on hovering. */
export function Age({ at, timeZone }: { at: string; timeZone?: string }) {
  const now = useNow(5_000);
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  return (
    <time dateTime={at} title={moment(at, timeZone)}>
      {text.cases.list.ago(roughly(seconds))}
    </time>
  );
}

/** The largest unit, as a glance needs no more. */
function roughly(seconds: number): string {
  const [number, unit] = duration(Math.max(1, seconds)).split(" ");
  return `${number}\u00a0${unit}`;
}
