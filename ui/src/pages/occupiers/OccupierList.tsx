import { Group, MultiSelect, Select, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { api, read, type Schemas } from "~/api/client";
import { useMe } from "~/api/me";
import { useSites } from "~/api/sites";
import { StatusBadge } from "~/parts/StatusBadge";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";

type Status = Schemas["OccupierStatus"];

const ROW_PX = 36;
const PAGE = 200;
const STATUSES = Object.keys(text.occupiers.statuses) as Status[];

/** Occupiers by name with their filters in the address; draws only the rows in sight. */
export function OccupierList({ chosen, tab }: { chosen?: string; tab?: string }) {
  const [asked, setAsked] = useSearchParams();
  const sites = useSites();
  const me = useMe();
  const set = (name: string, values: string[]) =>
    setAsked(
      (before) => {
        before.delete(name);
        for (const value of values.filter(Boolean)) before.append(name, value);
        return before;
      },
      { replace: true },
    );
  return (
    <Stack gap="xs">
      {me.data?.sees_names && (
        <TextInput
          aria-label={text.occupiers.search}
          placeholder={text.occupiers.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={asked.get("search") ?? ""}
          onChange={(event) => set("search", [event.currentTarget.value])}
        />
      )}
      <Select
        aria-label={text.occupiers.site}
        placeholder={text.occupiers.allSites}
        clearable
        searchable
        data={(sites.data ?? []).map((site) => ({ value: site.id, label: site.name }))}
        value={asked.get("site_id")}
        onChange={(value) => set("site_id", [value ?? ""])}
      />
      <MultiSelect
        aria-label={text.occupiers.status}
        placeholder={asked.has("status") ? undefined : text.occupiers.status}
        clearable
        data={STATUSES.map((status) => ({ value: status, label: text.occupiers.statuses[status] }))}
        value={asked.getAll("status")}
        onChange={(values) => set("status", values)}
      />
      <Rows chosen={chosen} tab={tab} asked={asked} />
    </Stack>
  );
}

function Rows({ chosen, tab, asked }: { chosen?: string; tab?: string; asked: URLSearchParams }) {
  const [search] = useDebouncedValue(asked.get("search") ?? "", 200);
  const wanted = {
    search: search || undefined,
    site_id: asked.get("site_id") ?? undefined,
    status: asked.getAll("status") as Status[],
  };
  const pages = useInfiniteQuery({
    queryKey: ["occupiers", wanted],
    queryFn: ({ pageParam }) =>
      read(
        api.GET("/api/v1/occupiers", {
          params: { query: { ...wanted, limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const last = rows.getVirtualItems().at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    if (last >= items.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (pages.isPending) return <Loading />;
  if (pages.isError) return <Trouble error={pages.error} onRetry={() => pages.refetch()} />;
  if (items.length === 0) {
    return <Empty title={text.occupiers.none} hint={text.occupiers.noneHint} />;
  }
  return (
    <nav ref={scroller} className="occupier-list" aria-label={text.occupiers.title}>
      <div style={{ height: rows.getTotalSize(), position: "relative" }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index]!;
          return (
            <UnstyledButton
              key={item.id}
              component={Link}
              to={`/occupiers/${item.id}/${tab ?? "contracts"}?${asked}`}
              aria-current={item.id === chosen ? "page" : undefined}
              className="occupier-row"
              style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }}
            >
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" truncate>
                  {item.name}
                </Text>
                {item.status !== "active" && <StatusBadge status={item.status} />}
              </Group>
            </UnstyledButton>
          );
        })}
      </div>
    </nav>
  );
}
