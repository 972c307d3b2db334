import { api, read, type Schemas } from "~/api/client";
import { count, date, duration, money, month, words } from "~/text/format";
import { text } from "~/text/en";
import type { Holding } from "./HoldingTable";
import { Places } from "./Places";
import { Name } from "./Name";

const { columns, empty } = text;
const { tabs, contracts, network } = text.occupiers;

const PAGE = 100;

export const asking = (occupier_id: string, cursor: string | undefined) => ({
  params: { path: { occupier_id }, query: { cursor, limit: PAGE } },
});

const site = { title: columns.site, cell: (each: { site_name: string }) => each.site_name };

export const CONTRACTS: Holding<Schemas["ContractView"]> = {
  noun: "contracts",
  label: tabs.contracts,
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/contracts", asking(id, cursor))),
  empty: empty.contracts,
  minWidth: 640,
  columns: [
    {
      title: columns.contract,
      cell: (each) => <Name name={each.reference} more={each.external_reference} />,
    },
    site,
    { title: columns.starts, cell: (each) => date(each.start_date), isShort: true },
    {
      title: columns.ends,
      cell: (each) => (
        <Name
          name={each.end_date ? date(each.end_date) : ""}
          more={each.deprovision_on_end ? contracts.servicesEndToo : null}
        />
      ),
      isShort: true,
    },
    { title: columns.spaces, cell: (each) => <Places spaces={each.spaces} /> },
    { title: columns.state, cell: (each) => words(each.state) },
  ],
};

export const USERS: Holding<Schemas["UserView"]> = {
  noun: "users",
  label: tabs.users,
  load: (id, cursor) => read(api.GET("/api/v1/occupiers/{occupier_id}/users", asking(id, cursor))),
  empty: empty.users,
  isPersonal: true,
  minWidth: 760,
  columns: [
    {
      title: columns.name,
      cell: (each) => <Name name={`${each.first_name} ${each.last_name}`} />,
    },
    { title: columns.email, cell: (each) => <Name name={each.email} /> },
    { title: columns.phone, cell: (each) => each.phone },
    site,
    { title: columns.wifi, cell: (each) => (each.wifi_state ? words(each.wifi_state) : "") },
    { title: columns.portal, cell: (each) => (each.role ? words(each.role) : "") },
  ],
};

export const WIFI_DEVICES: Holding<Schemas["WifiDeviceView"]> = {
  noun: "wifi-devices",
  label: tabs["wifi-devices"],
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/wifi-devices", asking(id, cursor))),
  empty: empty.devices,
  isPersonal: true,
  minWidth: 400,
  columns: [
    { title: columns.name, cell: (each) => <Name name={each.name} /> },
    { title: columns.mac, cell: (each) => each.mac },
    site,
  ],
};

export const CALL_CHARGES: Holding<Schemas["CallChargeView"]> = {
  noun: "call-charges",
  label: tabs["call-charges"],
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/call-charges", asking(id, cursor))),
  empty: empty.charges,
  columns: [
    { title: columns.month, cell: (each) => month(each.month), isShort: true },
    site,
    { title: columns.extension, cell: (each) => each.extension },
    { title: columns.calls, cell: (each) => count(each.calls), isNumber: true },
    { title: columns.duration, cell: (each) => duration(each.seconds), isNumber: true },
    { title: columns.amount, cell: (each) => money(each.amount), isNumber: true },
  ],
};

export const NETWORKS: Holding<Schemas["NetworkView"]> = {
  noun: "networks",
  label: network.networks,
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/networks", asking(id, cursor))),
  empty: empty.networks,
  minWidth: 400,
  columns: [
    { title: columns.vlan, cell: (each) => each.vlan_id },
    site,
    { title: columns.subnet, cell: (each) => each.private_subnet },
    { title: columns.dhcp, cell: (each) => words(each.dhcp_state) },
  ],
};

export const PUBLIC_IPS: Holding<Schemas["PublicIpView"]> = {
  noun: "public-ips",
  label: network.publicIps,
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/public-ips", asking(id, cursor))),
  empty: empty.ips,
  minWidth: 500,
  columns: [
    { title: columns.address, cell: (each) => each.address },
    site,
    { title: columns.subnet, cell: (each) => each.subnet },
    { title: columns.circuit, cell: (each) => words(each.circuit) },
    { title: columns.description, cell: (each) => <Name name={each.description} /> },
  ],
};

export const PORTS: Holding<Schemas["PortView"]> = {
  noun: "ports",
  label: network.ports,
  load: (id, cursor) => read(api.GET("/api/v1/occupiers/{occupier_id}/ports", asking(id, cursor))),
  empty: empty.ports,
  columns: [
    { title: columns.switch, cell: (each) => each.switch },
    { title: columns.port, cell: (each) => each.number, isNumber: true },
    site,
    { title: columns.role, cell: (each) => words(each.role) },
    { title: columns.outlet, cell: (each) => each.outlet },
    { title: columns.space, cell: (each) => each.space },
  ],
};
