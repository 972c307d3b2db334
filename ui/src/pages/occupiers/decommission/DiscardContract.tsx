import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";

const { blockers: said } = text.decommission;

/** Discards a contract that has not begun, after a second press: nothing brings it back. */
export function DiscardContract({
  contractId,
  onDone,
}: {
  contractId: string;
  onDone: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  const discard = useChange({
    send: (contract_id: string, key) =>
      read(
        api.POST("/api/v1/contracts/{contract_id}/discard", {
          params: { path: { contract_id }, header: { "idempotency-key": key } },
        }),
      ),
    refreshes: [["contracts"], ["occupier"], ["previews"]],
    onDone,
  });
  if (!isAsking) {
    return (
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {said.discard}
      </Button>
    );
  }
  return (
    <Group gap="xs" role="group" aria-label={said.discard}>
      <Text size="sm">{said.discardAsk}</Text>
      <Button size="xs" variant="default" autoFocus onClick={() => setAsking(false)}>
        {said.keep}
      </Button>
      <Button
        size="xs"
        color="red"
        loading={discard.isPending}
        onClick={() => discard.mutate(contractId)}
      >
        {said.discard}
      </Button>
    </Group>
  );
}
