import { Grid, Group, Stack, Text, Title } from "@mantine/core";
import { useMe } from "~/api/me";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { BlockedSchedules } from "./BlockedSchedules";
import { CloseSiteButton } from "./closure/CloseSiteButton";
import { DueCalendar } from "./DueCalendar";
import { byDay } from "./days";
import { ScheduleDays } from "./ScheduleDays";
import { ScheduleDialog } from "./ScheduleDialog";
import { ScheduleFilters, useScheduleFilters } from "./ScheduleFilters";
import { useSchedules } from "./useSchedules";

/** What is coming: first what came due and was refused, then day by day what waits. */
export function SchedulesPage() {
  const me = useMe();
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Title order={1} size="h3">
            {text.schedule.title}
          </Title>
          <Text size="sm">{text.schedule.intro}</Text>
        </div>
        {me.data?.allowed_actions.includes("site.close") && <CloseSiteButton />}
      </Group>
      <ScheduleFilters />
      <ScheduleDialog>
        <Schedules />
      </ScheduleDialog>
    </Stack>
  );
}

function Schedules() {
  const { states, siteId, day, isUsual } = useScheduleFilters();
  const blocked = useSchedules({ states: states.filter((each) => each === "blocked"), siteId });
  const others = useSchedules({ states: states.filter((each) => each !== "blocked"), siteId });
  const asked = [blocked, others].filter((each) => each.fetchStatus !== "idle" || !each.isPending);
  const failed = asked.find((each) => each.isError && !each.data);
  if (failed?.error) return <Trouble error={failed.error} onRetry={() => failed.refetch()} />;
  if (asked.some((each) => each.isPending)) return <Loading />;

  const refused = states.includes("blocked") ? itemsOf(blocked) : [];
  const rest = states.some((each) => each !== "blocked") ? itemsOf(others) : [];
  if (refused.length + rest.length === 0) {
    const { none, noneHint, noMatch, noMatchHint } = text.schedule;
    return <Empty title={isUsual ? none : noMatch} hint={isUsual ? noneHint : noMatchHint} />;
  }
  const days = byDay(rest);
  const shown = day ? days.filter((each) => each.day === day) : days;
  return (
    <Stack>
      {refused.length > 0 && <BlockedSchedules schedules={refused} />}
      {days.length > 0 && (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, lg: 4 }} order={{ base: 1, lg: 2 }}>
            <DueCalendar days={days} isPart={others.hasNextPage} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 8 }} order={{ base: 2, lg: 1 }}>
            <ScheduleDays
              days={shown}
              more={others.hasNextPage ? () => void others.fetchNextPage() : undefined}
              isLoadingMore={others.isFetchingNextPage}
            />
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

function itemsOf(pages: ReturnType<typeof useSchedules>) {
  return pages.data?.pages.flatMap((page) => page.items) ?? [];
}
