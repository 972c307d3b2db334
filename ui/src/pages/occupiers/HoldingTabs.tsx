import { api, read } from "~/api/client";
import { Paged } from "~/parts/Paged";
import { count, date, duration, money, month, words } from "~/text/format";
import { text } from "~/text/en";

const { columns, empty } = text;

interface Of {
  occupierId: string;
}

const asking = (occupier_id: string, cursor: string | undefined) => ({
  params: { path: { occupier_id }, query: { cursor } },
});

export function ContractsTab({ occupierId }: Of) {
  return (
    <Paged
      label={text.occupiers.tabs.contracts}
      queryKey={["contracts", occupierId]}
      load={(cursor) =>
        read(api.GET("/api/v1/occupiers/{occupier_id}/contracts", asking(occupierId, cursor)))
      }
      empty={empty.contracts}
      columns={[
        { title: columns.reference, cell: (each) => each.reference },
        { title: columns.site, cell: (each) => each.site_name },
        { title: columns.starts, cell: (each) => date(each.start_date) },
        { title: columns.ends, cell: (each) => (each.end_date ? date(each.end_date) : "") },
        {
          title: columns.spaces,
          cell: (each) => (each.spaces ?? []).map((space) => space.name).join(", "),
        },
        { title: columns.state, cell: (each) => words(each.state) },
      ]}
    />
  );
}

export function ServicesTab({ occupierId }: Of) {
  return (
    <Paged
      label={text.occupiers.tabs.services}
      queryKey={["services", occupierId]}
      load={(cursor) =>
        read(api.GET("/api/v1/occupiers/{occupier_id}/services", asking(occupierId, cursor)))
      }
      empty={empty.services}
      columns={[
        { title: columns.product, cell: (each) => each.product },
        { title: columns.site, cell: (each) => each.site_name },
        { title: columns.starts, cell: (each) => date(each.start_date) },
        { title: columns.quantity, cell: (each) => count(each.quantity), isNumber: true },
        { title: columns.price, cell: (each) => money(each.price), isNumber: true },
        { title: columns.state, cell: (each) => words(each.state) },
        {
          title: columns.update,
          cell: (each) => (each.update_state === "none" ? "" : words(each.update_state)),
        },
      ]}
    />
  );
}

export function UsersTab({ occupierId }: Of) {
  return (
    <Paged
      label={text.occupiers.tabs.users}
      queryKey={["users", occupierId]}
      load={(cursor) =>
        read(api.GET("/api/v1/occupiers/{occupier_id}/users", asking(occupierId, cursor)))
      }
      empty={empty.users}
      emptyHint={empty.usersHint}
      columns={[
        { title: columns.name, cell: (each) => `${each.first_name} ${each.last_name}` },
        { title: columns.email, cell: (each) => each.email },
        { title: columns.site, cell: (each) => each.site_name },
        { title: columns.wifi, cell: (each) => (each.wifi_state ? words(each.wifi_state) : "") },
        { title: columns.portal, cell: (each) => (each.role ? words(each.role) : "") },
      ]}
    />
  );
}

export function WifiDevicesTab({ occupierId }: Of) {
  return (
    <Paged
      label={text.occupiers.tabs["wifi-devices"]}
      queryKey={["wifi-devices", occupierId]}
      load={(cursor) =>
        read(api.GET("/api/v1/occupiers/{occupier_id}/wifi-devices", asking(occupierId, cursor)))
      }
      empty={empty.devices}
      columns={[
        { title: columns.name, cell: (each) => each.name },
        { title: columns.mac, cell: (each) => each.mac },
        { title: columns.site, cell: (each) => each.site_name },
      ]}
    />
  );
}

export function CallChargesTab({ occupierId }: Of) {
  return (
    <Paged
      label={text.occupiers.tabs["call-charges"]}
      queryKey={["call-charges", occupierId]}
      load={(cursor) =>
        read(api.GET("/api/v1/occupiers/{occupier_id}/call-charges", asking(occupierId, cursor)))
      }
      empty={empty.charges}
      columns={[
        { title: columns.month, cell: (each) => month(each.month) },
        { title: columns.site, cell: (each) => each.site_name },
        { title: columns.extension, cell: (each) => each.extension },
        { title: columns.calls, cell: (each) => count(each.calls), isNumber: true },
        { title: columns.duration, cell: (each) => duration(each.seconds), isNumber: true },
        { title: columns.amount, cell: (each) => money(each.amount), isNumber: true },
      ]}
    />
  );
}
