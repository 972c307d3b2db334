import { Button, Group, Loader, Text } from "@mantine/core";
import { useCallback } from "react";
import { OFFLINE, Problem } from "~/api/problem";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { isFiltered } from "./taskFilters";
import { TaskTable } from "./TaskTable";
import type { Task, useTasks } from "./useTasks";

const { tasks } = text;

interface Well {
  found: ReturnType<typeof useTasks>;
  items: Task[];
  asked: URLSearchParams;
}

/** The tasks, or why there are none; a failed refresh leaves what is there. */
export function TaskWell({ found, items, asked }: Well) {
  const { fetchNextPage, isFetching } = found;
  const onNearEnd = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [fetchNextPage, isFetching]);
  if (found.isPending) return <Loading />;
  if (!found.data) return <Trouble error={found.error} onRetry={() => found.refetch()} />;
  const isBroken = found.isError && !isOffline(found.error); // the shell tells of a lost connection
  return (
    <>
      {isBroken && <Trouble error={found.error} onRetry={() => found.refetch()} />}
      {items.length === 0 ? (
        <Nothing asked={asked} />
      ) : (
        <TaskTable
          key={asked.toString()}
          items={items}
          hasMore={found.hasNextPage && !found.isFetchNextPageError}
          onNearEnd={onNearEnd}
          isStale={found.isPlaceholderData}
        />
      )}
      <Footer found={found} count={items.length} />
    </>
  );
}

function isOffline(error: Error): boolean {
  return error instanceof Problem && error.type === OFFLINE;
}

function Nothing({ asked }: { asked: URLSearchParams }) {
  return isFiltered(asked) ? (
    <Empty title={tasks.none} hint={tasks.noneHint} />
  ) : (
    <Empty title={tasks.noneYet} hint={tasks.noneYetHint} />
  );
}

function Footer({ found, count }: { found: Well["found"]; count: number }) {
  return (
    <Group gap="sm" mih={30}>
      <Text size="sm" className="quiet" role="status">
        {found.hasNextPage ? tasks.shownSoFar(count) : tasks.shown(count)}
      </Text>
      {found.isFetchingNextPage && <Loader size="xs" role="img" aria-label={tasks.loadingMore} />}
      {found.hasNextPage && found.isFetchNextPageError && (
        <Button size="compact-sm" variant="default" onClick={() => found.fetchNextPage()}>
          {text.state.more}
        </Button>
      )}
    </Group>
  );
}
