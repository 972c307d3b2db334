import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "react-router-dom";
import { api, read, type Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";

type Case = Schemas["CaseOut"];

/** What a case is raised about; its subject and description follow from that on the server. */
export type About =
  | { kind: "task"; taskId: string; subject: string }
  | { kind: "decommission"; occupierId: string; subject: string }
  | { kind: "service"; occupierId: string; serviceId: string; subject: string };

/** `Create support case`, with its prefilled subject; leads to the case, new or there before. */
export function CreateCase({ about, size = "xs" }: { about: About; size?: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const raise = useChange({
    send: (wanted: About, key) => send(wanted, key),
    refreshes: [["tasks"], ["task"], ["cases"], ["occupier"], ["decommission"]],
    onDone: (found: Case) => {
      close();
      void navigate(`/cases/${found.id}`);
    },
  });
  return (
    <>
      <Button size={size} variant="default" onClick={open}>
        {text.cases.create}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={text.cases.newCase}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <TextInput label={text.cases.subject} value={about.subject} readOnly data-autofocus />
          <Text size="sm">{text.cases.prefilled}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.changes.cancel}
            </Button>
            <Button loading={raise.isPending} onClick={() => raise.mutate(about)}>
              {text.changes.submit}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function send(about: About, key: string): Promise<Case> {
  const header = { "idempotency-key": key };
  if (about.kind === "task") {
    const path = { task_id: about.taskId };
    return read(api.POST("/api/v1/tasks/{task_id}/cases", { params: { path, header } }));
  }
  return read(
    api.POST("/api/v1/occupiers/{occupier_id}/cases", {
      params: { path: { occupier_id: about.occupierId }, header },
      body: about.kind === "service" ? { service_id: about.serviceId } : {},
    }),
  );
}
