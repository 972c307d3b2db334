import { Alert, Group, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { dueMoment } from "~/text/format";
import { text } from "~/text/en";
import { localOf, otherZones } from "./clocks";
import { DueMoment } from "./DueMoment";
import { isInGap, momentOfWish, momentsOfWish, type DueWish } from "./dueWish";

const words = text.schedule;

/** A date and time in a zone, and the one moment that they are. */
export function DueFields({
  wish,
  onChange,
}: {
  wish: DueWish;
  onChange: (wish: DueWish) => void;
}) {
  const zones = useMemo(() => zonesWith(wish.timeZone), [wish.timeZone]);
  const set = (part: Partial<DueWish>) => onChange({ ...wish, isSecond: false, ...part });
  const chosen = momentOfWish(wish);
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <TextInput
          type="date"
          label={words.date}
          value={wish.date}
          min={localOf(new Date().toISOString(), wish.timeZone).slice(0, 10)}
          onChange={(event) => set({ date: event.currentTarget.value })}
          autoFocus // the dialog is open before the schedule is read
        />
        <TextInput
          type="time"
          label={words.time}
          value={wish.time}
          onChange={(event) => set({ time: event.currentTarget.value })}
        />
      </Group>
      <Select
        label={words.zone}
        searchable
        allowDeselect={false}
        limit={100}
        data={zones}
        value={wish.timeZone}
        onChange={(timeZone) => timeZone && set({ timeZone })}
      />
      {isInGap(wish) && (
        <Alert role="alert" color="yellow" p="xs">
          {words.gap}
        </Alert>
      )}
      <Twice wish={wish} onChange={onChange} />
      {chosen && (
        <Text component="div" size="sm" aria-live="polite">
          {words.newDue} <DueMoment at={chosen.at} timeZone={wish.timeZone} />
        </Text>
      )}
    </Stack>
  );
}

function Twice({ wish, onChange }: { wish: DueWish; onChange: (wish: DueWish) => void }) {
  const [first, second] = momentsOfWish(wish);
  if (!first || !second) return null;
  return (
    <Radio.Group
      label={words.overlap}
      value={wish.isSecond ? "second" : "first"}
      onChange={(value) => onChange({ ...wish, isSecond: value === "second" })}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="first" label={`${words.first}: ${dueMoment(first.at, wish.timeZone)}`} />
        <Radio value="second" label={`${words.second}: ${dueMoment(second.at, wish.timeZone)}`} />
      </Stack>
    </Radio.Group>
  );
}

/** Every zone that the browser knows, with the chosen one and the reader's own in any case. */
function zonesWith(chosen: string): string[] {
  return [chosen, ...otherZones([chosen])].sort();
}
