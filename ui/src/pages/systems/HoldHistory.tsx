import { Anchor, Badge, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router-dom";
import { api, read } from "~/api/client";
import { useMe } from "~/api/me";
import { useSites } from "~/api/sites";
import { actorName } from "~/parts/actors/actorName";
import { Moment } from "~/parts/Moment";
import { Paged, type Column } from "~/parts/Paged";
import { text } from "~/text/en";
import { duration } from "~/text/format";
import type { Hold } from "./useSystems";

const { systems: labels } = text;
const { history } = labels;

/** Every hold until now, newest first. */
export function HoldHistory() {
  const me = useMe();
  const sites = useSites();
  const zoneOf = (hold: Hold) => sites.data?.find((site) => site.id === hold.site_id)?.time_zone;
  const columns: Column<Hold>[] = [
    { title: history.system, cell: (hold) => text.words.systems[hold.system] },
    { title: history.where, cell: (hold) => <bdi>{hold.site_name ?? labels.everywhere}</bdi> },
    {
      title: history.placed,
      cell: (hold) => (
        <Deed at={hold.placed_at} timeZone={zoneOf(hold)} by={placer(hold, me.data?.actor)} />
      ),
    },
    {
      title: history.released,
      cell: (hold) =>
        hold.released_at ? (
          <Deed
            at={hold.released_at}
            timeZone={zoneOf(hold)}
            by={actorName(hold.released_by ?? "", me.data?.actor)}
          />
        ) : (
          <Badge color="violet" variant="filled" autoContrast tt="none">
            {history.open}
          </Badge>
        ),
    },
    { title: history.lasted, cell: lasted, isNumber: true },
    {
      title: history.case,
      cell: (hold) =>
        hold.case_id && (
          <Anchor size="sm" component={Link} to={`/cases/${hold.case_id}`}>
            {history.show}
          </Anchor>
        ),
    },
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {history.title}
      </Title>
      <Paged
        label={history.title}
        queryKey={["holds"]}
        load={(cursor) =>
          read(api.GET("/api/v1/holds", { params: { query: { limit: 20, cursor } } }))
        }
        columns={columns}
        empty={history.none}
        emptyHint={history.noneHint}
      />
    </Stack>
  );
}

function Deed({ at, timeZone, by }: { at: string; timeZone: string | undefined; by: string }) {
  return (
    <>
      <Moment at={at} timeZone={timeZone} />
      <Text size="xs">{by}</Text>
    </>
  );
}

function placer(hold: Hold, me: string | undefined): string {
  return hold.origin === "breaker" ? history.breaker : actorName(hold.placed_by, me);
}

function lasted(hold: Hold): string | null {
  if (hold.released_at === null) return null;
  return duration((Date.parse(hold.released_at) - Date.parse(hold.placed_at)) / 1000);
}
