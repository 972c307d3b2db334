import { Button, Code, Stack, Switch, Table, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, read, type Schemas } from "~/api/client";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import type { Task } from "./useTask";

type Item = Schemas["TaskItemOut"];

/** What the task takes out of service, first what is not done, and why. */
export function TaskItems({ task }: { task: Task }) {
  const [onlyUndone, setOnlyUndone] = useState(task.state === "failed");
  const pages = useInfiniteQuery({
    queryKey: ["task", task.id, "items", onlyUndone, task.state, task.round, task.done],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/tasks/{task_id}/items", {
          params: {
            path: { task_id: task.id },
            query: { limit: 50, cursor: pageParam, ...(onlyUndone && { undone: true }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="xs" align="flex-start">
      <Switch
        label={text.task.undoneOnly}
        checked={onlyUndone}
        onChange={(event) => setOnlyUndone(event.currentTarget.checked)}
      />
      {pages.isPending && <Loading />}
      {pages.isError && <Trouble error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.isSuccess && items.length === 0 && (
        <Text size="sm">{onlyUndone ? text.task.allDone : text.task.noItems}</Text>
      )}
      {items.length > 0 && <Items items={items} />}
      {pages.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          {text.state.more}
        </Button>
      )}
    </Stack>
  );
}

function Items({ items }: { items: readonly Item[] }) {
  return (
    <Table aria-label={text.task.itemsLabel} fz="sm" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.task.resource}</Table.Th>
          <Table.Th>{text.task.outcome}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td>
              {text.task.resources[item.kind]} <Code>{item.resource_id.slice(0, 8)}</Code>
            </Table.Td>
            <Table.Td>{outcome(item)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function outcome(item: Item): string {
  const verdict = text.task.verdicts[item.verdict];
  const why = item.ground
    ? text.task.grounds[item.ground]
    : item.failure && text.words.failures[item.failure];
  return why ? `${verdict}: ${why}` : verdict;
}
