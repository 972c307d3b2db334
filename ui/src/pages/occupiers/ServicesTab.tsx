import { Badge, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { count, date, money, words } from "~/text/format";
import { text } from "~/text/en";
import { HoldingTable, type Holding } from "./HoldingTable";
import { asking } from "./holdings";
import { Name } from "./Name";
import { UpdateNotices } from "./UpdateNotices";
import { pace, type Occupier } from "./useOccupier";

type Service = Schemas["ServiceView"];

const { columns, occupiers } = text;
const UPDATE_MS = 5_000;

const SERVICES: Holding<Service> = {
  noun: "services",
  label: occupiers.tabs.services,
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/services", asking(id, cursor))),
  empty: text.empty.services,
  minWidth: 820,
  columns: [
    { title: columns.product, cell: (each) => each.product },
    { title: columns.contract, cell: (each) => <Contract service={each} /> },
    { title: columns.starts, cell: (each) => date(each.start_date), isShort: true },
    { title: columns.price, cell: (each) => money(each.price), isNumber: true },
    { title: columns.quantity, cell: (each) => count(each.quantity), isNumber: true },
    {
      title: columns.total,
      cell: (each) => money(Number(each.price) * each.quantity),
      isNumber: true,
    },
    { title: columns.state, cell: (each) => <State service={each} /> },
    { title: columns.changes, cell: (each) => <Changes changes={each.changes} /> },
  ],
};

/** Services with their updates, and what may be done about one that runs or failed (DB-08, 12). */
export function ServicesTab({ occupier }: { occupier: Occupier }) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: [SERVICES.noun, occupier.id] });
  return (
    <HoldingTable
      holding={SERVICES}
      occupier={occupier}
      above={(services) => (
        <UpdateNotices occupier={occupier} services={services} onRefresh={refresh} />
      )}
      refreshes={(services) =>
        services.some((each) => each.update_state === "updating")
          ? UPDATE_MS
          : pace(occupier.status)
      }
    />
  );
}

/** Its contract, which is called after the site unless somebody gave it another name. */
function Contract({ service: { contract_reference, site_name } }: { service: Service }) {
  return (
    <Name
      name={contract_reference}
      more={contract_reference === site_name ? undefined : site_name}
    />
  );
}

function State({ service }: { service: Service }) {
  return (
    <Stack gap={4} align="flex-start">
      {words(service.state)}
      {service.update_state === "updating" && (
        <Badge color="yellow.6" variant="filled" autoContrast tt="none" miw="max-content">
          {occupiers.services.isUpdating}
        </Badge>
      )}
      {service.update_state === "failed" && (
        <Badge color="red.9" variant="filled" tt="none" miw="max-content">
          {occupiers.services.hasFailed}
        </Badge>
      )}
    </Stack>
  );
}

function Changes({ changes }: { changes: Service["changes"] }) {
  return changes.map(({ id, kind, due_on, quantity }) => (
    <div key={id}>
      {kind === "quantity"
        ? occupiers.services.changes.quantity(date(due_on), count(quantity ?? 0))
        : occupiers.services.changes[kind](date(due_on))}
    </div>
  ));
}
