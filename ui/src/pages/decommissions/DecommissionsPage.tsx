import { Alert, Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { api, read, type Schemas } from "~/api/client";
import { Paged } from "~/parts/Paged";
import { useFilters } from "~/parts/filters/useFilters";
import { text } from "~/text/en";
import { COLUMNS } from "./columns";

const words = text.progress;
const STATES = ["pending", "partial", "decommissioned"] as const satisfies State[];
type State = Schemas["DecommissionState"];

const SOON_MS = 5_000;

/** Every decommission in sight, newest first. */
export function DecommissionsPage() {
  const filters = useFilters();
  const state = STATES.find((each) => each === filters.one("state"));
  const occupier_id = filters.one("occupier_id");
  const isFiltered = state !== undefined || occupier_id !== undefined;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {words.title}
        </Title>
        <SegmentedControl
          aria-label={words.filters.state}
          value={state ?? "all"}
          onChange={(value) => filters.set("state", value === "all" ? null : value)}
          data={(["all", ...STATES] as const).map((each) => ({
            value: each,
            label: words.filters[each],
          }))}
        />
      </Group>
      {occupier_id && (
        <Alert>
          <Group gap="sm">
            <Text size="sm">{words.filters.occupier}</Text>
            <Button size="xs" variant="default" onClick={() => filters.set("occupier_id", null)}>
              {words.filters.everyOccupier}
            </Button>
          </Group>
        </Alert>
      )}
      <Paged
        label={words.table}
        queryKey={["decommissions", { state, occupier_id }]}
        load={(cursor) =>
          read(
            api.GET("/api/v1/decommissions", {
              params: { query: { state, occupier_id, cursor, limit: 50 } },
            }),
          )
        }
        refreshes={SOON_MS}
        columns={COLUMNS}
        empty={isFiltered ? words.none : words.noneYet}
        emptyHint={isFiltered ? undefined : words.noneYetHint}
        minWidth={860}
      />
    </Stack>
  );
}
