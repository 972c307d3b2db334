import { Group, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Snapshot } from "~/api/live";
import { Empty } from "~/parts/Trouble";
import { useFilters } from "~/parts/filters/useFilters";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { GroupRow } from "./GroupRow";
import { Legend } from "./Legend";
import { SiteRow, type Opens } from "./SiteRow";
import { rowsOf, SITE_KINDS, STANDINGS, tally, type GridRow, type SiteStanding } from "./sites";
import { useRoving } from "./useRoving";

const words = text.progress.grid;
const WANTED = ["all", ...STANDINGS] as const;

/** Sites by tasks, with what is looked for; of a thousand sites only those in sight are drawn. */
export function SiteGrid({ snapshot, ...opens }: { snapshot: Snapshot } & Opens) {
  const filters = useFilters();
  const wanted = WANTED.find((each) => each === filters.one("sites")) ?? "all";
  const search = filters.one("search") ?? "";
  const [closed, setClosed] = useState<ReadonlySet<SiteStanding>>(new Set<SiteStanding>(["done"]));
  const tallied = useMemo(() => tally(snapshot.sites), [snapshot.sites]);
  const rows = useMemo(
    () => rowsOf(snapshot.sites, wanted, search, search ? new Set() : closed),
    [snapshot.sites, wanted, search, closed],
  );
  const toggle = (standing: SiteStanding) =>
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(standing)) next.add(standing);
      return next;
    });
  return (
    <Stack gap="sm" component="section" aria-labelledby="sites-title">
      <Group justify="space-between">
        <Title order={2} size="h4" id="sites-title">
          {words.title}
        </Title>
        {snapshot.sites.length > 1 && (
          <Group gap="sm">
            <SegmentedControl
              size="xs"
              aria-label={words.filter}
              value={wanted}
              onChange={(value) => filters.set("sites", value === "all" ? null : value)}
              data={WANTED.map((each) => ({
                value: each,
                label: `${words.standings[each]} ${count(tallied[each])}`,
              }))}
            />
            <TextInput
              size="xs"
              aria-label={words.search}
              placeholder={words.search}
              leftSection={<IconSearch size={14} aria-hidden />}
              value={search}
              onChange={(event) => filters.set("search", event.currentTarget.value)}
            />
          </Group>
        )}
      </Group>
      {rows.length === 0 ? (
        <Empty title={words.none} hint={words.noneHint} />
      ) : (
        <Grid snapshot={snapshot} rows={rows} onToggle={toggle} {...opens} />
      )}
      <Legend />
    </Stack>
  );
}

function Grid({
  snapshot,
  rows,
  onToggle,
  ...opens
}: { snapshot: Snapshot; rows: GridRow[]; onToggle: (standing: SiteStanding) => void } & Opens) {
  const keys = useMemo(
    () => rows.map((row) => (row.kind === "group" ? row.standing : row.site.site_id)),
    [rows],
  );
  const waived = useMemo(
    () => new Set(snapshot.waivers.map((waiver) => waiver.task_id)),
    [snapshot.waivers],
  );
  const { scroller, virtual, at, onKeyDown, onFocus } = useRoving(keys, (row) =>
    rows[row]?.kind === "group" ? 1 : SITE_KINDS.length + 1,
  );
  return (
    <div
      ref={scroller}
      className="sites-grid"
      role="grid"
      aria-label={words.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={SITE_KINDS.length + 1}
      onKeyDown={onKeyDown}
    >
      <Head />
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          if (row.kind === "group") {
            return (
              <GroupRow
                key={row.standing}
                standing={row.standing}
                sites={row.count}
                isOpen={row.isOpen}
                index={index}
                isHeld={at.row === index}
                start={start}
                onToggle={() => onToggle(row.standing)}
                onFocus={onFocus}
              />
            );
          }
          return (
            <SiteRow
              key={row.site.site_id}
              decommissionId={snapshot.id}
              site={row.site}
              waived={waived}
              index={index}
              column={at.row === index ? at.column : undefined}
              start={start}
              onFocus={onFocus}
              {...opens}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head() {
  return (
    <div role="rowgroup" className="grid-heads">
      <div role="row" aria-rowindex={1} className="grid-row">
        <div role="columnheader" aria-colindex={1} className="grid-cell grid-site">
          <Text size="xs" fw={600}>
            {words.site}
          </Text>
        </div>
        {SITE_KINDS.map((kind, place) => (
          <div key={kind} role="columnheader" aria-colindex={place + 2} className="grid-cell">
            <Text size="xs" fw={600} lh={1.2}>
              {text.words.kinds[kind]}
            </Text>
          </div>
        ))}
      </div>
    </div>
  );
}
