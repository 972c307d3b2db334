import { Button, ScrollArea, Title } from "@mantine/core";
import { useState } from "react";
import { count } from "~/text/format";
import { text } from "~/text/en";
import { columnName } from "./kindName";
import type { PlanTable } from "./planTable";

const { plan: said } = text.decommission;

const AT_FIRST = 100; // more sites are drawn when somebody asks for them

/** A row per site and a column per kind; head, first column and sum stay in sight. */
export function PlanBySite({ table }: { table: PlanTable }) {
  const [isWhole, setWhole] = useState(false);
  const sites = isWhole ? table.sites : table.sites.slice(0, AT_FIRST);
  return (
    <>
      <Title order={4} size="h6" mt="md" mb={4}>
        {said.bySite}
      </Title>
      <ScrollArea.Autosize
        mah="18rem"
        type="auto"
        offsetScrollbars
        viewportProps={{ tabIndex: 0, role: "region", "aria-label": said.bySite }}
      >
        <table className="decommission-sites" aria-label={said.bySite}>
          <thead>
            <tr>
              <th scope="col">{said.site}</th>
              {table.kinds.map(({ kind }) => (
                <th key={kind} scope="col">
                  {columnName(kind)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{said.all}</th>
              {table.kinds.map(({ kind, total }) => (
                <td key={kind}>{count(total)}</td>
              ))}
            </tr>
            {sites.map((site) => (
              <tr key={site.id}>
                <th scope="row">
                  <bdi>{site.name}</bdi>
                </th>
                {table.kinds.map(({ kind }) => (
                  <td key={kind}>{count(site.counts.get(kind) ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea.Autosize>
      {sites.length < table.sites.length && (
        <Button variant="default" size="xs" mt="xs" onClick={() => setWhole(true)}>
          {said.more(count(table.sites.length))}
        </Button>
      )}
    </>
  );
}
