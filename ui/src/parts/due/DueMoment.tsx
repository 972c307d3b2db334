import { Text } from "@mantine/core";
import { clock, dueMoment } from "~/text/format";
import { text } from "~/text/en";
import { isSameClock, localOf, ownZone } from "./clocks";

/** When something is due as its own zone tells it, and on the reader's clock where that differs. */
export function DueMoment({ at, timeZone }: { at: string; timeZone: string }) {
  return (
    <time dateTime={at}>
      {dueMoment(at, timeZone)}
      {timeZone !== "UTC" && ` · ${timeZone}`}
      <OwnClock at={at} timeZone={timeZone} />
    </time>
  );
}

export function OwnClock({ at, timeZone }: { at: string; timeZone: string }) {
  if (isSameClock(at, timeZone, ownZone())) return null;
  const isSameDay = localOf(at, timeZone).slice(0, 10) === localOf(at, ownZone()).slice(0, 10);
  return <Text size="sm">{text.schedule.yourClock(isSameDay ? clock(at) : dueMoment(at))}</Text>;
}
