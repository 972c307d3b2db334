import { Alert, Button, Group, List, Modal, Select, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import { api, read } from "~/api/client";
import { useSites } from "~/api/sites";
import { useChange } from "~/api/useChange";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";
import type { System } from "./useSystems";

const { systems: labels } = text;
const EVERYWHERE = "everywhere";

/** `Hold`: everywhere or at one site, with what it will mean. */
export function HoldDialog({ system }: { system: System }) {
  const [isOpen, { open, close }] = useDisclosure();
  const sites = useSites();
  const [where, setWhere] = useState(EVERYWHERE);
  const name = text.words.systems[system.system];
  const hold = useChange({
    send: (siteId: string | null, key) =>
      read(
        api.POST("/api/v1/holds", {
          params: { header: { "idempotency-key": key } },
          body: { system: system.system, site_id: siteId },
        }),
      ),
    refreshes: [["systems"], ["holds"], ["tasks"], ["cases"]],
    done: labels.held(name),
    onDone: close,
  });
  const places = siteOptions(sites.data?.filter((site) => site.is_open));
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconHandStop size={14} aria-hidden />}
        aria-label={labels.holdOf(name)}
        onClick={open}
      >
        {labels.hold}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={labels.holdOf(name)}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <Select
            label={labels.where}
            data={[{ value: EVERYWHERE, label: labels.everywhere }, ...places]}
            value={where}
            onChange={(value) => setWhere(value ?? EVERYWHERE)}
            allowDeselect={false}
            searchable
            openOnFocus={false}
            data-autofocus
          />
          <List size="sm" spacing={4}>
            {labels.holdMeans.map((meaning) => (
              <List.Item key={meaning}>{meaning}</List.Item>
            ))}
          </List>
          {system.breaker !== "closed" && (
            <Alert color="yellow" p="xs">
              {labels.takesOver}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.changes.cancel}
            </Button>
            <Button
              loading={hold.isPending}
              onClick={() => hold.mutate(where === EVERYWHERE ? null : where)}
            >
              {labels.hold}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
