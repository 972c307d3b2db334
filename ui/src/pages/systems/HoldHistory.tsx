import { Anchor, Badge, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router-dom";
import { api, read } from "~/api/client";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { Paged, type Column } from "~/parts/Paged";
import { text } from "~/text/en";
import { duration } from "~/text/format";
import type { Hold } from "./useSystems";

const { systems: labels } = text;
const { history } = labels;

/** Every hold until now, newest first. */
export function HoldHistory() {
  const who = useWho();
  const siteOf = useSiteOf();
  const columns: Column<Hold>[] = [
    { title: history.system, cell: (hold) => text.words.systems[hold.system] },
    { title: history.where, cell: (hold) => <bdi>{hold.site_name ?? labels.everywhere}</bdi> },
    {
      title: history.placed,
      cell: (hold) => (
        <Deed
          at={hold.placed_at}
          timeZone={siteOf(hold.site_id)?.time_zone}
          by={hold.origin === "breaker" ? history.breaker : who(hold.placed_by)}
        />
      ),
    },
    {
      title: history.released,
      cell: (hold) =>
        hold.released_at ? (
          <Deed
            at={hold.released_at}
            timeZone={siteOf(hold.site_id)?.time_zone}
            by={who(hold.released_by ?? "")}
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

function lasted(hold: Hold): string | null {
  if (hold.released_at === null) return null;
  return duration((Date.parse(hold.released_at) - Date.parse(hold.placed_at)) / 1000);
}
