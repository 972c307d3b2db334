import { Group, Paper, Tabs, Title } from "@mantine/core";
import { useNavigate, useSearchParams } from "react-router-dom";
import { StatusBadge } from "~/parts/StatusBadge";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { ConfigTab } from "./ConfigTab";
import { HoldingTable } from "./HoldingTable";
import { CALL_CHARGES, CONTRACTS, USERS, WIFI_DEVICES } from "./holdings";
import { NetworkTab } from "./NetworkTab";
import { ServicesTab } from "./ServicesTab";
import { placeOf, StandingNote } from "./StandingNote";
import { TelephonyTab } from "./TelephonyTab";
import { useOccupier, type Occupier } from "./useOccupier";

interface Of {
  occupier: Occupier;
}

const TABS = {
  contracts: ({ occupier }: Of) => <HoldingTable holding={CONTRACTS} occupier={occupier} />,
  services: ServicesTab,
  users: ({ occupier }: Of) => <HoldingTable holding={USERS} occupier={occupier} />,
  "wifi-devices": ({ occupier }: Of) => <HoldingTable holding={WIFI_DEVICES} occupier={occupier} />,
  "call-charges": ({ occupier }: Of) => <HoldingTable holding={CALL_CHARGES} occupier={occupier} />,
  telephony: TelephonyTab,
  network: NetworkTab,
  config: ConfigTab,
} as const;

export type Tab = keyof typeof TABS;

/** One occupier: its name, where it stands, and what it holds, tab by tab. */
export function OccupierView({ occupierId, tab = "" }: { occupierId: string; tab?: string }) {
  const [asked] = useSearchParams();
  const navigate = useNavigate();
  const occupier = useOccupier(occupierId);
  if (occupier.isPending) return <Loading />;
  if (!occupier.data) {
    return <Trouble error={occupier.error} onRetry={() => occupier.refetch()} />;
  }
  const { name, status } = occupier.data;
  const shown = tab in TABS ? (tab as Tab) : "contracts";
  const Shown = TABS[shown];
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="md">
        <Title order={2} size="h3" dir="auto" className="occupier-name" lineClamp={3} title={name}>
          {name}
        </Title>
        {status !== "active" && <StatusBadge status={status} to={placeOf(occupier.data)} />}
      </Group>
      <Tabs
        value={shown}
        onChange={(value) => navigate(`/occupiers/${occupierId}/${value}?${asked}`)}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.occupiers.tabs.label} className="occupier-tabs">
          {(Object.keys(TABS) as Tab[]).map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.occupiers.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={shown} pt="md">
          <StandingNote occupier={occupier.data} tab={shown} />
          <Shown occupier={occupier.data} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}
