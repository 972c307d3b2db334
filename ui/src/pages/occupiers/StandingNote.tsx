import { Anchor, Box, Text } from "@mantine/core";
import { IconCalendarEvent, IconInfoCircle, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { api, read, type Schemas } from "~/api/client";
import { useSites } from "~/api/sites";
import { Note } from "~/parts/Note";
import { moment } from "~/text/format";
import { text } from "~/text/en";
import { zoneOf, type Occupier } from "./useOccupier";

const { standing, leaves, leaving } = text.occupiers;
const COLORS = { pending: "blue", failed: "red", scheduled: "violet", decommissioned: "gray" };

/** Where the decommission of an occupier is shown: itself, or the schedule that it waits in. */
export function placeOf({ id, status, decommission }: Occupier): string | undefined {
  if (decommission) return `/decommissions/${decommission.id}`;
  return status === "scheduled" ? `/schedules?occupier_id=${id}` : undefined;
}

/** What a decommission means for what one sees here: what is locked, what stays, what is gone. */
export function StandingNote({ occupier, tab }: { occupier: Occupier; tab: keyof typeof leaves }) {
  const sites = useSites();
  const schedule = useSchedule(occupier);
  const { status, decommission } = occupier;
  const isScheduled = status === "scheduled";
  if (status === "active" || (isScheduled && tab === "config")) return null;
  const Icon = isScheduled ? IconCalendarEvent : status === "pending" ? IconInfoCircle : IconLock;
  const to = tab === "config" ? undefined : placeOf(occupier); // there a button leads to it
  const at = occupier.decommissioned_at ?? decommission?.finished_at;
  const said = {
    pending: standing.pending,
    failed: standing.failed,
    scheduled: schedule
      ? standing.scheduled(moment(schedule.due_at, schedule.time_zone))
      : standing.scheduledUnknown,
    decommissioned: at
      ? standing.decommissioned(moment(at, zoneOf(occupier, sites.data ?? [])))
      : standing.locked,
  }[status];
  const more = isScheduled ? "" : (status === "decommissioned" ? leaves : leaving)[tab];
  return (
    <Box mb="md">
      <Note color={COLORS[status]} icon={Icon}>
        <Text size="sm">
          {said} {schedule?.state === "blocked" && standing.blocked} {more}{" "}
          {to && (
            <Anchor component={Link} to={to} size="sm" underline="always" c="inherit">
              {isScheduled ? standing.seeSchedule : standing.seeDecommission}
            </Anchor>
          )}
        </Text>
      </Note>
    </Box>
  );
}

function useSchedule({ id, status }: Occupier): Schemas["ScheduleOut"] | undefined {
  const found = useQuery({
    queryKey: ["schedules", "of", id],
    queryFn: () =>
      read(
        api.GET("/api/v1/schedules", {
          params: { query: { occupier_id: id, state: ["waiting", "blocked"], limit: 1 } },
        }),
      ),
    enabled: status === "scheduled",
  });
  return status === "scheduled" ? found.data?.items[0] : undefined;
}
