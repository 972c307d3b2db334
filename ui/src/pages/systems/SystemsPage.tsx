import { Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { Loading, Trouble } from "~/parts/Trouble";
import { useFilters } from "~/parts/filters/useFilters";
import { optionsOf } from "~/parts/options";
import { text } from "~/text/en";
import { healthOf } from "./health";
import { HoldHistory } from "./HoldHistory";
import { SystemCard } from "./SystemCard";
import { useActivity, useSystems, type System, type Window } from "./useSystems";

const { systems: labels } = text;

/** Operations > Systems: the health of each outside system, its holds and its errors. */
export function SystemsPage() {
  const filters = useFilters();
  const window: Window = filters.one("window") === "day" ? "day" : "hour";
  const systems = useSystems();
  const activity = useActivity(window);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1} size="h3">
            {labels.title}
          </Title>
          <Text size="sm">{labels.intro}</Text>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={labels.window}
          data={optionsOf(labels.windows)}
          value={window}
          onChange={(value) => filters.set("window", value === "hour" ? null : value)}
        />
      </Group>
      {systems.isPending && <Loading />}
      {systems.isError && <Trouble error={systems.error} onRetry={() => systems.refetch()} />}
      {activity.isError && <Trouble error={activity.error} onRetry={() => activity.refetch()} />}
      {systems.data && (
        <>
          <Text role="status" fw={600} size="sm">
            {summary(systems.data.items)}
          </Text>
          <div className="systems">
            {systems.data.items.map((system) => (
              <SystemCard
                key={system.system}
                system={system}
                window={window}
                activity={activity.data}
              />
            ))}
          </div>
          <HoldHistory />
        </>
      )}
    </Stack>
  );
}

function summary(systems: readonly System[]): string {
  const ill = systems.filter((system) => healthOf(system) !== "well").length;
  return ill === 0 ? labels.allWell : labels.attention(ill, systems.length);
}
