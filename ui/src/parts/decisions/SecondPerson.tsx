import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUsers } from "@tabler/icons-react";
import { api, read, type Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { Refused } from "~/parts/Refused";
import { text } from "~/text/en";
import { Proof } from "./DecisionList";
import { REFRESHED } from "./refreshed";

/** A waiver that waits, and the button for whoever can be its second person. */
export function SecondPerson({
  decision,
  about,
  canConfirm,
  timeZone,
}: {
  decision: Schemas["DecisionOut"];
  about: string;
  canConfirm: boolean;
  timeZone?: string;
}) {
  const who = useWho({ isWithin: true });
  const [isOpen, { open, close }] = useDisclosure();
  const confirm = useChange({
    send: (decisionId: string, key) =>
      read(
        api.POST("/api/v1/decisions/{decision_id}/confirm", {
          params: { path: { decision_id: decisionId }, header: { "idempotency-key": key } },
        }),
      ),
    refreshes: REFRESHED,
    done: text.decisions.confirmed,
    onDone: close,
    isQuiet: true,
  });
  return (
    <Alert color="violet" icon={<IconUsers />} title={text.decisions.waiting}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {text.decisions.by(who(decision.decided_by, decision.decided_as))}
          {", "}
          <Moment at={decision.created_at} timeZone={timeZone} />
        </Text>
        <Proof decision={decision} />
        {canConfirm ? (
          <Button size="xs" onClick={open}>
            {text.decisions.confirm}
          </Button>
        ) : (
          <Text size="sm">{text.decisions.waitingFor[decision.decided_as]}</Text>
        )}
      </Stack>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`${text.decisions.confirm}: ${about}`}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <Refused error={confirm.error} />
          <Text size="sm">{text.decisions.confirmWhy}</Text>
          <Proof decision={decision} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.changes.cancel}
            </Button>
            <Button
              color="red"
              data-autofocus
              loading={confirm.isPending}
              onClick={() => confirm.mutate(decision.id)}
            >
              {text.decisions.confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Alert>
  );
}
