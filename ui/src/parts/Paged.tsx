import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { text } from "~/text/en";
import { More } from "./More";
import { Sideways } from "./Sideways";
import { Empty, Loading, Trouble } from "./Trouble";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Column<T> {
  title: string;
  cell: (item: T) => ReactNode;
  isNumber?: boolean;
  /** Stays on one line, such as a date. */
  isShort?: boolean;
}

export interface PagedProps<T> {
  label: string;
  queryKey: readonly unknown[];
  load: (cursor: string | undefined) => Promise<Page<T>>;
  columns: Column<T>[];
  empty: string;
  emptyHint?: string;
  /** Stands above the table and knows what was loaded so far. */
  above?: (items: T[]) => ReactNode;
  /** A last column of buttons. */
  actions?: (item: T) => ReactNode;
  /** After how many milliseconds it is read again; `false` for never. */
  refreshes?: number | false | ((items: T[]) => number | false);
  /** Below this width the table scrolls sideways. */
  minWidth?: number;
  /** One of several lists in one place: says in one line that it is empty. */
  isPart?: boolean;
}

/** A table of a paged list: loads a page, then more on demand. */
export function Paged<T extends { id: string }>({
  label,
  queryKey,
  load,
  columns,
  empty,
  emptyHint,
  above,
  actions,
  refreshes = false,
  minWidth = 600,
  isPart = false,
}: PagedProps<T>) {
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) => {
      if (typeof refreshes !== "function") return refreshes;
      return refreshes(state.data?.pages.flatMap((page) => page.items) ?? []);
    },
  });
  if (pages.isPending) return <Loading />;
  if (pages.isError && !pages.data) {
    return <Trouble error={pages.error} onRetry={() => pages.refetch()} />;
  }
  const items = pages.data.pages.flatMap((page) => page.items);
  const shown = actions
    ? [...columns, { title: text.columns.actions, cell: actions, isNumber: true }]
    : columns;
  return (
    <>
      {pages.isError && <Trouble error={pages.error} onRetry={() => pages.refetch()} />}
      {above?.(items)}
      {items.length === 0 && isPart && <Text size="sm">{empty}</Text>}
      {items.length === 0 && !isPart && <Empty title={empty} hint={emptyHint} />}
      {items.length > 0 && (
        <Sideways label={label}>
          <Rows label={label} items={items} columns={shown} minWidth={minWidth} />
        </Sideways>
      )}
      <More pages={pages} />
    </>
  );
}

function Rows<T extends { id: string }>({
  label,
  items,
  columns,
  minWidth,
}: {
  label: string;
  items: T[];
  columns: Column<T>[];
  minWidth: number;
}) {
  const side = (column: Column<T>) => (column.isNumber ? "right" : "left");
  return (
    <Table aria-label={label} highlightOnHover miw={minWidth}>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column.title} scope="col" ta={side(column)}>
              {column.title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            {columns.map((column) => (
              <Table.Td
                key={column.title}
                ta={side(column)}
                style={column.isShort ? { whiteSpace: "nowrap" } : undefined}
              >
                {column.cell(item)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
