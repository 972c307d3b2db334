import { Box, Title } from "@mantine/core";
import { HoldingTable, type Holding } from "./HoldingTable";
import { NETWORKS, PORTS, PUBLIC_IPS } from "./holdings";
import type { Occupier } from "./useOccupier";

/** The networks, public addresses and ports of an occupier. */
export function NetworkTab({ occupier }: { occupier: Occupier }) {
  return (
    <>
      <Part holding={NETWORKS} occupier={occupier} />
      <Part holding={PUBLIC_IPS} occupier={occupier} />
      <Part holding={PORTS} occupier={occupier} />
    </>
  );
}

function Part<T extends { id: string }>(of: { holding: Holding<T>; occupier: Occupier }) {
  return (
    <Box mb="lg">
      <Title order={3} size="h5" mb="xs">
        {of.holding.label}
      </Title>
      <HoldingTable {...of} isPart />
    </Box>
  );
}
