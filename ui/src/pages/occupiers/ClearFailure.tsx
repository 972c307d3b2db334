import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { api, read, type Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";
import type { Occupier } from "./useOccupier";

const { services: said } = text.occupiers;

/** `Clear failure` of a service, for the vendor's support once it is set right outside (DB-13). */
export function ClearFailure({
  service,
  occupier,
}: {
  service: Pick<Schemas["ServiceView"], "id" | "product">;
  occupier: Occupier;
}) {
  const [isOpen, { open, close }] = useDisclosure();
  const clear = useChange({
    send: (service_id: string, key) =>
      read(
        api.POST("/api/v1/services/{service_id}/clear-failure", {
          params: { path: { service_id }, header: { "idempotency-key": key } },
        }),
      ),
    refreshes: [["services", occupier.id], ["occupier", occupier.id], ["cases"], ["case"]],
    done: said.cleared,
    onDone: close,
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {said.clear}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={said.clearTitle(service.product)}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <Text size="sm">{said.clearHint}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.changes.cancel}
            </Button>
            <Button loading={clear.isPending} onClick={() => clear.mutate(service.id)}>
              {said.clear}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
