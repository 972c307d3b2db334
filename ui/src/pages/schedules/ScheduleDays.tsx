import { Anchor, Button, Center, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router-dom";
import { localOf, ownZone } from "~/parts/due/clocks";
import { OwnClock } from "~/parts/due/DueMoment";
import { Moment } from "~/parts/Moment";
import { Empty } from "~/parts/Trouble";
import { clock, count, daysFrom, longDay } from "~/text/format";
import { text } from "~/text/en";
import type { Day, Schedule } from "./days";
import { ScheduleActions } from "./ScheduleActions";
import { ScheduleBadge } from "./ScheduleBadge";

const words = text.schedule;

/** Schedules under the days on which they are due. */
export function ScheduleDays({
  days,
  more,
  isLoadingMore,
}: {
  days: Day<Schedule>[];
  more: (() => void) | undefined;
  isLoadingMore: boolean;
}) {
  const today = localOf(new Date().toISOString(), ownZone()).slice(0, 10);
  if (days.length === 0) return <Empty title={words.noMatch} hint={words.noMatchHint} />;
  return (
    <Stack>
      {days.map(({ day, items }) => (
        <Paper key={day} withBorder component="section" aria-labelledby={`day-${day}`}>
          <Group justify="space-between" px="md" py="xs" className="day-head">
            <Title order={2} size="h5" id={`day-${day}`}>
              {longDay(day)}
            </Title>
            <Text size="sm">
              {daysFrom(today, day)} · {words.dayCount(count(items.length))}
            </Text>
          </Group>
          <DayTable day={day} items={items} />
        </Paper>
      ))}
      {more && (
        <Center>
          <Button variant="default" loading={isLoadingMore} onClick={more}>
            {text.state.more}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function DayTable({ day, items }: Day<Schedule>) {
  return (
    <Table.ScrollContainer minWidth={600} type="native">
      <Table
        aria-label={`${words.list}, ${longDay(day)}`}
        layout="fixed"
        horizontalSpacing="md"
        verticalSpacing="xs"
        highlightOnHover
      >
        <colgroup>
          <col style={{ width: "34%" }} />
          <col />
          <col style={{ width: 290 }} />
        </colgroup>
        <Table.Thead className="for-readers">
          <Table.Tr>
            <Table.Th>{words.due}</Table.Th>
            <Table.Th>{words.occupier}</Table.Th>
            <Table.Th>{words.actions}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((schedule) => (
            <Row key={schedule.id} schedule={schedule} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ schedule }: { schedule: Schedule }) {
  return (
    <Table.Tr>
      <Table.Td>
        <time dateTime={schedule.due_at}>
          <Text component="span" fw={600}>
            {clock(schedule.due_at, schedule.time_zone)}
          </Text>
          <Text size="sm">{schedule.time_zone}</Text>
        </time>
        <OwnClock at={schedule.due_at} timeZone={schedule.time_zone} />
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-start">
          <Anchor
            component={Link}
            to={`/occupiers/${schedule.occupier_id}`}
            truncate
            maw="100%"
            dir="auto"
          >
            {schedule.occupier_name}
          </Anchor>
          <ScheduleBadge state={schedule.state} />
        </Stack>
      </Table.Td>
      <Table.Td>
        <Outcome schedule={schedule} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What may be done while it waits; what became of it when it does not. */
function Outcome({ schedule }: { schedule: Schedule }) {
  if (schedule.state === "waiting") return <ScheduleActions schedule={schedule} />;
  const isStarted = schedule.state === "started";
  return (
    <Stack gap={2}>
      <Text size="sm">
        {isStarted ? words.startedAt : words.cancelledAt}{" "}
        <Moment at={schedule.decided_at} timeZone={schedule.time_zone} />
      </Text>
      {schedule.decommission_id && (
        <Anchor component={Link} size="sm" to={`/decommissions/${schedule.decommission_id}`}>
          {words.seeDecommission}
        </Anchor>
      )}
    </Stack>
  );
}
