import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { Refused } from "~/parts/Refused";
import { text } from "~/text/en";
import { raiseCase } from "./raiseCase";

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
    isQuiet: true,
    send: (wanted: About, key) => raiseCase(wanted, key),
    refreshes: [["tasks"], ["task"], ["cases"], ["occupier"], ["decommission"]],
    onDone: ({ found, isNew }) => {
      close();
      tell(found, isNew);
      void navigate(`/cases/${found.id}`);
    },
  });
  return (
    <>
      <Button
        size={size}
        variant="default"
        onClick={() => {
          raise.reset();
          open();
        }}
      >
        {text.cases.create}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={text.cases.newCase}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <Refused error={raise.error} />
          <TextInput label={text.cases.subject} value={about.subject} readOnly />
          <Text size="sm">{text.cases.prefilled}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.changes.cancel}
            </Button>
            <Button data-autofocus loading={raise.isPending} onClick={() => raise.mutate(about)}>
              {text.changes.submit}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

/** A case that was there before is told, as nothing was added to it. */
function tell({ number }: Schemas["CaseOut"], isNew: boolean) {
  notifications.show(
    isNew
      ? { message: text.cases.created(number), color: "green" }
      : { title: text.cases.existed, message: text.cases.existedHint(number), color: "blue" },
  );
}
