import { Code, Drawer } from "@mantine/core";
import { api, read, type Schemas } from "~/api/client";
import { Moment } from "~/parts/Moment";
import { Paged } from "~/parts/Paged";
import { text } from "~/text/en";
import type { Verdict } from "./table";

const words = text.progress.verdicts;

export interface Sought {
  kind?: Schemas["ResourceKind"];
  siteId?: string;
  verdict: Verdict;
}

/** The resources behind a count, by the ids of our own rows. */
export function Items({
  decommissionId,
  sought,
  title,
  names,
  onClose,
}: {
  decommissionId: string;
  sought: Sought | undefined;
  title: string;
  names: ReadonlyMap<string, string>;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={sought !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={title}
      closeButtonProps={{ "aria-label": text.progress.drawer.close }}
    >
      {sought && (
        <Paged
          label={words.items}
          queryKey={["decommission", decommissionId, "items", sought]}
          load={(cursor) =>
            read(
              api.GET("/api/v1/decommissions/{decommission_id}/verdicts/items", {
                params: {
                  path: { decommission_id: decommissionId },
                  query: {
                    kind: sought.kind,
                    site_id: sought.siteId,
                    verdict: sought.verdict,
                    cursor,
                  },
                },
              }),
            )
          }
          empty={words.noItems}
          minWidth={480}
          columns={[
            { title: words.kind, cell: (each) => words.kinds[each.kind] },
            { title: text.columns.site, cell: (each) => names.get(each.site_id) },
            { title: words.resource, cell: (each) => <Code>{each.resource_id.slice(0, 8)}</Code> },
            {
              title: words.ground,
              cell: (each) => (each.ground ? words.grounds[each.ground] : ""),
            },
            { title: words.confirmed, cell: (each) => <Moment at={each.confirmed_at} /> },
          ]}
        />
      )}
    </Drawer>
  );
}
