import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { api, read } from "~/api/client";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";

const { scheduled: said } = text.decommission;

/** When a scheduled decommission starts, in the zone that it was thought of in. */
export function Scheduled({ occupierId }: { occupierId: string }) {
  const query = { occupier_id: occupierId, state: ["waiting", "blocked"] as const };
  const found = useQuery({
    queryKey: ["schedules", query],
    queryFn: () =>
      read(
        api.GET("/api/v1/schedules", {
          params: { query: { ...query, state: [...query.state] } },
        }),
      ),
    refetchInterval: 10_000,
  });
  const schedule = found.data?.items[0];
  return (
    <>
      {schedule && (
        <Text size="sm">
          {schedule.state === "blocked" ? `${said.blocked}: ` : `${said.due} `}
          <Moment at={schedule.due_at} timeZone={schedule.time_zone} />
        </Text>
      )}
      <Button
        size="xs"
        variant="default"
        component={Link}
        to={`/schedules?occupier_id=${occupierId}`}
      >
        {said.see}
      </Button>
    </>
  );
}
