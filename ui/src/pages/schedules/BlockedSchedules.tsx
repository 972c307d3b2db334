import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { DueMoment } from "~/parts/due/DueMoment";
import { count } from "~/text/format";
import { text } from "~/text/en";
import type { Schedule } from "./days";
import { Reasons } from "./Reasons";
import { ScheduleActions } from "./ScheduleActions";

const words = text.schedule;

/** Those that nothing moves any more unless a person does: first on the page, with why. */
export function BlockedSchedules({ schedules }: { schedules: Schedule[] }) {
  return (
    <section aria-labelledby="blocked">
      <Group gap="xs" mb={4}>
        <IconAlertTriangle size={20} aria-hidden color="var(--mantine-color-error)" />
        <Title order={2} size="h4" id="blocked">
          {words.blockedTitle(count(schedules.length))}
        </Title>
      </Group>
      <Text size="sm" mb="sm">
        {words.blockedHint}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
        {schedules.map((schedule) => (
          <Blocked key={schedule.id} schedule={schedule} />
        ))}
      </SimpleGrid>
    </section>
  );
}

function Blocked({ schedule }: { schedule: Schedule }) {
  return (
    <Paper withBorder p="md" className="blocked-schedule">
      <Stack gap="xs" h="100%">
        <Title order={3} size="h5" lineClamp={2}>
          <Anchor component={Link} to={`/occupiers/${schedule.occupier_id}`} inherit dir="auto">
            {schedule.occupier_name}
          </Anchor>
        </Title>
        <Text component="div" size="sm">
          {words.wasDue} <DueMoment at={schedule.due_at} timeZone={schedule.time_zone} />
        </Text>
        <Text size="sm" fw={600}>
          {words.why}
        </Text>
        <Text component="div" size="sm">
          <Reasons reasons={schedule.blocked_reasons ?? []} />
        </Text>
        <Group justify="space-between" mt="auto">
          <ScheduleActions schedule={schedule} />
          {schedule.case_id && (
            <Anchor component={Link} to={`/cases/${schedule.case_id}`} size="sm">
              {words.openCase}
            </Anchor>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
