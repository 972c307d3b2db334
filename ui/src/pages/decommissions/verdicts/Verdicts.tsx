import { Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Snapshot } from "~/api/live";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { Items, type Sought } from "./Items";
import { Kept } from "./Kept";
import { present, tabled } from "./table";
import { useVerdicts } from "./useVerdicts";
import { VerdictTable } from "./VerdictTable";
import { Waivers } from "./Waivers";

const words = text.progress.verdicts;

/** What became of each resource, what two people left undone, and what stayed as it was. */
export function Verdicts({ snapshot }: { snapshot: Snapshot }) {
  const verdicts = useVerdicts(snapshot);
  const [sought, setSought] = useState<Sought>();
  if (verdicts.isPending) return <Loading />;
  if (!verdicts.data) {
    return <Trouble error={verdicts.error!} onRetry={() => verdicts.refetch()} />;
  }
  const { by_kind, by_site, undone } = verdicts.data;
  if (by_kind.length === 0) return <Empty title={words.none} hint={words.noneHint} />;
  const all = by_kind.reduce((sum, row) => sum + row.count, 0);
  const names = new Map(by_site.map((row) => [row.site_id, row.site_name]));
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Title order={2} size="h4">
          {words.title}
        </Title>
        <Text fw={600} className={undone > 0 ? "alarm" : undefined}>
          {undone > 0 ? words.undone(undone) : words.allDone(all)}
        </Text>
        <Text size="sm" className="quiet">
          {words.hint}
        </Text>
      </Stack>
      <VerdictTable
        label={words.byKind}
        head={words.kind}
        rows={tabled(by_kind, (row) => row.kind)}
        verdicts={present(by_kind)}
        nameOf={(kind) => words.kinds[kind]}
        onOpen={(kind, verdict) => setSought({ kind, verdict })}
      />
      <VerdictTable
        label={words.bySite}
        head={text.columns.site}
        rows={tabled(by_site, (row) => row.site_id)}
        verdicts={present(by_site)}
        nameOf={(siteId) => names.get(siteId) ?? ""}
        onOpen={(siteId, verdict) => setSought({ siteId, verdict })}
      />
      <Waivers waivers={verdicts.data.waivers} names={names} />
      <Kept
        retained={verdicts.data.retained_data}
        isUnchanged={verdicts.data.retained_data_unchanged}
      />
      <Items
        decommissionId={snapshot.id}
        sought={sought}
        title={titleOf(sought, names)}
        names={names}
        onClose={() => setSought(undefined)}
      />
    </Stack>
  );
}

function titleOf(sought: Sought | undefined, names: ReadonlyMap<string, string>): string {
  if (!sought) return words.items;
  const of = sought.kind ? words.kinds[sought.kind] : (names.get(sought.siteId ?? "") ?? "");
  return words.itemsOf(of, words.verdicts[sought.verdict]);
}
