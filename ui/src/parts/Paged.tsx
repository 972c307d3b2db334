import { Button, Center, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { text } from "~/text/en";
import { Empty, Loading, Trouble } from "./Trouble";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Column<T> {
  title: string;
  cell: (item: T) => ReactNode;
  isNumber?: boolean;
}

/** A table of a paged list: loads a page, then more on demand. */
export function Paged<T extends { id: string }>({
  label,
  queryKey,
  load,
  columns,
  empty,
  emptyHint,
}: {
  label: string;
  queryKey: readonly unknown[];
  load: (cursor: string | undefined) => Promise<Page<T>>;
  columns: Column<T>[];
  empty: string;
  emptyHint?: string;
}) {
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (pages.isPending) return <Loading />;
  if (pages.isError) return <Trouble error={pages.error} onRetry={() => pages.refetch()} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={empty} hint={emptyHint} />;
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table aria-label={label} highlightOnHover stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.title} ta={column.isNumber ? "right" : "left"}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              {columns.map((column) => (
                <Table.Td key={column.title} ta={column.isNumber ? "right" : "left"}>
                  {column.cell(item)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {pages.hasNextPage && (
        <Center p="md">
          <Button
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => pages.fetchNextPage()}
          >
            {text.state.more}
          </Button>
        </Center>
      )}
    </Table.ScrollContainer>
  );
}
