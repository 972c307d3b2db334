import { Alert, Group, NativeSelect, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { localOf, momentsOf, otherZones, ownZone } from "~/parts/due/clocks";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { dueInstant, type Entered } from "./hindrance";

const { when: said } = text.decommission;

interface Of {
  entered: Entered;
  onEnter: (part: Partial<Entered>) => void;
  /** Zones of the occupier's sites. */
  siteZones: string[];
  /** What the server said about the moment. */
  error?: string;
}

/** Now, or later at a time that is shown as it will be understood. */
export function WhenChoice(of: Of) {
  const { entered, onEnter } = of;
  return (
    <Stack gap="sm">
      <Radio.Group
        label={said.label}
        value={entered.when}
        onChange={(when) => onEnter({ when: when as Entered["when"] })}
      >
        <Group mt={6} gap="lg">
          <Radio value="now" label={said.now} />
          <Radio value="later" label={said.later} />
        </Group>
      </Radio.Group>
      {entered.when === "later" && <Later {...of} />}
    </Stack>
  );
}

function Later({ entered, onEnter, siteZones, error }: Of) {
  const choices = useMemo(
    () => [
      { group: said.siteZones, items: siteZones },
      { group: said.otherZones, items: otherZones(siteZones) },
    ],
    [siteZones],
  );
  const today = localOf(new Date().toISOString(), entered.timeZone).slice(0, 10);
  return (
    <Stack gap="xs">
      <Group align="flex-start" gap="sm">
        <TextInput
          type="date"
          label={said.date}
          min={today}
          max={`${Number(today.slice(0, 4)) + 2}${today.slice(4)}`}
          value={entered.date}
          error={error}
          onChange={(event) => onEnter({ date: event.currentTarget.value, offset: undefined })}
        />
        <TextInput
          type="time"
          label={said.time}
          value={entered.time}
          onChange={(event) => onEnter({ time: event.currentTarget.value, offset: undefined })}
        />
        <NativeSelect
          label={said.zone}
          data={choices}
          value={entered.timeZone}
          onChange={(event) => onEnter({ timeZone: event.currentTarget.value, offset: undefined })}
        />
      </Group>
      <Reading entered={entered} onEnter={onEnter} />
      <Text size="sm">{said.hint}</Text>
      <Text size="sm">{said.checked}</Text>
    </Stack>
  );
}

/** How the entered time is understood: as one moment, or why it is none or two. */
function Reading({ entered, onEnter }: Pick<Of, "entered" | "onEnter">) {
  if (!entered.date || !entered.time) return null;
  const found = momentsOf(`${entered.date}T${entered.time}`, entered.timeZone);
  const due = dueInstant(entered, new Date());
  const isPast = !due && (found.length === 1 || (found.length > 1 && entered.offset));
  return (
    <Stack gap="xs" aria-live="polite">
      {found.length === 0 && (
        <Alert color="yellow" p="xs">
          {said.skipped}
        </Alert>
      )}
      {found.length > 1 && (
        <Radio.Group
          label={said.twice}
          value={entered.offset ?? ""}
          onChange={(offset) => onEnter({ offset })}
        >
          <Group mt={6} gap="lg">
            {found.map(({ offset }, index) => (
              <Radio
                key={offset}
                value={offset}
                label={index === 0 ? said.first(offset) : said.second(offset)}
              />
            ))}
          </Group>
        </Radio.Group>
      )}
      {isPast && (
        <Alert color="yellow" p="xs">
          {said.past}
        </Alert>
      )}
      {due && (
        <Text size="sm" fw={500}>
          {said.means} <Moment at={due.at} timeZone={entered.timeZone} />
          {ownZone() !== entered.timeZone && (
            <>
              {said.yours} <Moment at={due.at} />
            </>
          )}
          {"."}
        </Text>
      )}
    </Stack>
  );
}
