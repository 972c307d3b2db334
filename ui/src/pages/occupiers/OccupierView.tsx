import { Group, Paper, Tabs, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router-dom";
import { api, read } from "~/api/client";
import { StatusBadge } from "~/parts/StatusBadge";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { CallChargesTab, ContractsTab, ServicesTab, UsersTab, WifiDevicesTab } from "./HoldingTabs";
import { NetworkTab, TelephonyTab } from "./TechnicalTabs";

const TABS = {
  contracts: ContractsTab,
  services: ServicesTab,
  users: UsersTab,
  "wifi-devices": WifiDevicesTab,
  "call-charges": CallChargesTab,
  telephony: TelephonyTab,
  network: NetworkTab,
} as const;

type Tab = keyof typeof TABS;

/** One occupier: its name, where it stands, and what it holds, tab by tab. */
export function OccupierView({ occupierId, tab }: { occupierId: string; tab: string }) {
  const [asked] = useSearchParams();
  const navigate = useNavigate();
  const occupier = useQuery({
    queryKey: ["occupier", occupierId],
    queryFn: () =>
      read(
        api.GET("/api/v1/occupiers/{occupier_id}", {
          params: { path: { occupier_id: occupierId } },
        }),
      ),
  });
  if (occupier.isPending) return <Loading />;
  if (occupier.isError) {
    return <Trouble error={occupier.error} onRetry={() => occupier.refetch()} />;
  }
  const shown = tab in TABS ? (tab as Tab) : "contracts";
  const Shown = TABS[shown];
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h3">
          {occupier.data.name}
        </Title>
        <StatusBadge status={occupier.data.status} />
      </Group>
      <Tabs
        value={shown}
        onChange={(value) => navigate(`/occupiers/${occupierId}/${value}?${asked}`)}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.occupiers.tabs.label}>
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {text.occupiers.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={shown} pt="md">
          <Shown occupierId={occupierId} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}
