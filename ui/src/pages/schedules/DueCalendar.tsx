import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Paper,
  Stack,
  Table,
  Text,
  Title,
  UnstyledButton,
  VisuallyHidden,
} from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { localOf, ownZone } from "~/parts/due/clocks";
import { count, longDay, month as monthName } from "~/text/format";
import { text } from "~/text/en";
import { byMonth, monthAway, weeksOf, type Day, type Schedule } from "./days";
import { useScheduleFilters } from "./ScheduleFilters";

const words = text.schedule;

/** How many are due when: a month of days, and the months that have any. A day narrows the list. */
export function DueCalendar({ days, isPart }: { days: Day<Schedule>[]; isPart: boolean }) {
  const filters = useScheduleFilters();
  const months = byMonth(days);
  const today = localOf(new Date().toISOString(), ownZone()).slice(0, 10);
  const coming = months.find((each) => each.month >= today.slice(0, 7)) ?? months.at(-1);
  const shown = filters.one("month") ?? filters.day?.slice(0, 7) ?? coming!.month;
  const counts = new Map(days.map(({ day, items }) => [day, items.length]));
  return (
    <Paper withBorder p="md" component="section" aria-label={words.calendar}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Step to={monthAway(shown, -1)} label={words.before} icon={<IconChevronLeft size={16} />} />
        <Title order={2} size="h5" aria-live="polite">
          {monthName(`${shown}-01`)}
        </Title>
        <Step to={monthAway(shown, 1)} label={words.after} icon={<IconChevronRight size={16} />} />
      </Group>
      <Month month={shown} counts={counts} today={today} />
      {months.length > 1 && (
        <Group gap="xs" mt="sm" role="group" aria-label={words.monthsAhead}>
          {months.map(({ month, count: due }) => (
            <Button
              key={month}
              size="compact-sm"
              variant={month === shown ? "filled" : "default"}
              color="harbour.7"
              aria-pressed={month === shown}
              onClick={() => filters.set("month", month)}
            >
              {words.inMonth(monthName(`${month}-01`), count(due))}
            </Button>
          ))}
        </Group>
      )}
      <Stack gap={2} mt="sm">
        {filters.day && (
          <Button variant="default" size="xs" onClick={() => filters.set("day", null)}>
            {words.allDays}
          </Button>
        )}
        <Text size="xs">
          {words.zoneNote} {isPart && words.upTo}
        </Text>
      </Stack>
    </Paper>
  );
}

function Step({ to, label, icon }: { to: string; label: string; icon: React.ReactNode }) {
  const filters = useScheduleFilters();
  return (
    <ActionIcon variant="default" aria-label={label} onClick={() => filters.set("month", to)}>
      {icon}
    </ActionIcon>
  );
}

function Month({
  month,
  counts,
  today,
}: {
  month: string;
  counts: Map<string, number>;
  today: string;
}) {
  return (
    <Table
      withRowBorders={false}
      layout="fixed"
      horizontalSpacing={2}
      verticalSpacing={2}
      aria-label={`${words.calendar}: ${monthName(`${month}-01`)}`}
    >
      <Table.Thead>
        <Table.Tr>
          {WEEKDAYS.map((name) => (
            <Table.Th key={name} ta="center" fz="xs">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {weeksOf(month).map((week) => (
          <Table.Tr key={week.find(Boolean)}>
            {week.map((day, place) => (
              <Table.Td key={place} ta="center" p={1}>
                {day && <DayCell day={day} due={counts.get(day) ?? 0} isToday={day === today} />}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function DayCell({ day, due, isToday }: { day: string; due: number; isToday: boolean }) {
  const filters = useScheduleFilters();
  const number = Number(day.slice(8));
  if (due === 0) {
    return (
      <span className="due-day" data-today={isToday || undefined}>
        {number}
      </span>
    );
  }
  const isChosen = filters.day === day;
  return (
    <UnstyledButton
      className="due-day"
      data-due
      data-today={isToday || undefined}
      aria-pressed={isChosen}
      onClick={() => filters.set("day", isChosen ? null : day)}
    >
      <span aria-hidden>{number}</span>
      <Badge
        size="xs"
        circle={due < 10}
        variant="filled"
        color="harbour.7"
        className="due-count"
        aria-hidden
      >
        {count(due)}
      </Badge>
      <VisuallyHidden>{words.onDay(longDay(day), count(due))}</VisuallyHidden>
    </UnstyledButton>
  );
}

/** From Monday on, in the reader's language; the fifth of January 1970 was a Monday. */
const WEEKDAYS = [5, 6, 7, 8, 9, 10, 11].map((day) =>
  new Intl.DateTimeFormat(undefined, { weekday: "short", timeZone: "UTC" }).format(
    Date.UTC(1970, 0, day),
  ),
);
