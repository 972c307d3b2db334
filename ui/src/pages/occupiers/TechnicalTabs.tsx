import { Stack, Title } from "@mantine/core";
import { api, read } from "~/api/client";
import { Paged } from "~/parts/Paged";
import { words } from "~/text/format";
import { text } from "~/text/en";

const { columns, empty } = text;

interface Of {
  occupierId: string;
}

const asking = (occupier_id: string, cursor: string | undefined) => ({
  params: { path: { occupier_id }, query: { cursor } },
});

export function TelephonyTab({ occupierId }: Of) {
  return (
    <Paged
      label={text.occupiers.tabs.telephony}
      queryKey={["phone-numbers", occupierId]}
      load={(cursor) =>
        read(api.GET("/api/v1/occupiers/{occupier_id}/phone-numbers", asking(occupierId, cursor)))
      }
      empty={empty.numbers}
      columns={[
        { title: columns.number, cell: (each) => each.number },
        { title: columns.extension, cell: (each) => each.extension },
        { title: columns.site, cell: (each) => each.site_name },
        { title: columns.user, cell: (each) => each.user_name },
        { title: columns.state, cell: (each) => words(each.state) },
        { title: columns.handset, cell: (each) => each.handset },
      ]}
    />
  );
}

export function NetworkTab({ occupierId }: Of) {
  return (
    <Stack>
      <Title order={3} size="h5">
        {columns.vlan}
      </Title>
      <Paged
        label={columns.vlan}
        queryKey={["networks", occupierId]}
        load={(cursor) =>
          read(api.GET("/api/v1/occupiers/{occupier_id}/networks", asking(occupierId, cursor)))
        }
        empty={empty.networks}
        columns={[
          { title: columns.vlan, cell: (each) => each.vlan_id },
          { title: columns.site, cell: (each) => each.site_name },
          { title: columns.subnet, cell: (each) => each.private_subnet },
          { title: columns.dhcp, cell: (each) => words(each.dhcp_state) },
        ]}
      />
      <Title order={3} size="h5">
        {columns.port}
      </Title>
      <Paged
        label={columns.port}
        queryKey={["ports", occupierId]}
        load={(cursor) =>
          read(api.GET("/api/v1/occupiers/{occupier_id}/ports", asking(occupierId, cursor)))
        }
        empty={empty.ports}
        columns={[
          { title: columns.switch, cell: (each) => each.switch },
          { title: columns.port, cell: (each) => each.number, isNumber: true },
          { title: columns.site, cell: (each) => each.site_name },
          { title: columns.role, cell: (each) => words(each.role) },
          { title: columns.outlet, cell: (each) => each.outlet },
        ]}
      />
    </Stack>
  );
}
