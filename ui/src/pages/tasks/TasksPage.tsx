import { Group, Title } from "@mantine/core";
import { useMemo } from "react";
import { useParams } from "react-router-dom";
import { useMe } from "~/api/me";
import { occupiersOf } from "~/parts/filters/occupierOptions";
import { useFilters } from "~/parts/filters/useFilters";
import { text } from "~/text/en";
import { Filters } from "./Filters";
import { RetryAll } from "./retry/RetryAll";
import { TaskDrawer } from "./TaskDrawer";
import { canHoldFailed } from "./taskFilters";
import { TaskWell } from "./TaskWell";
import { useTasks } from "./useTasks";

/** Operations > Tasks (DT-01): what decommissions do at each site, and what hangs. */
export function TasksPage() {
  const { taskId } = useParams();
  const filters = useFilters();
  const me = useMe();
  const found = useTasks(filters.asked);
  const items = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const known = useMemo(() => occupiersOf(items), [items]);
  const mayRetry = me.data?.allowed_actions.includes("task.retry");
  return (
    <div className="tasks-page">
      <Group justify="space-between" mih={36}>
        <Title order={1} size="h3">
          {text.tasks.title}
        </Title>
        {mayRetry && canHoldFailed(filters.asked) && <RetryAll asked={filters.asked} />}
      </Group>
      <Filters filters={filters} known={known} />
      <TaskWell found={found} items={items} asked={filters.asked} />
      <TaskDrawer taskId={taskId} />
    </div>
  );
}
