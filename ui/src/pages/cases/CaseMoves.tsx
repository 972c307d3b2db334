import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { api, read, type Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { text } from "~/text/en";
import { moveLabel, whyUnresolved } from "./caseRules";
import { Part } from "./Part";
import { shownWith, type Case } from "./useCase";

type Status = Schemas["CaseStatus"];

const { moves } = text.cases;

/** Where this person may take the case; a closed one stays closed, so that is asked again. */
export function CaseMoves({ of }: { of: Case }) {
  const [isClosing, { open, close }] = useDisclosure();
  const move = useChange({
    send: ({ to, seen }: { to: Status; seen: Status }, key) =>
      read(
        api.POST("/api/v1/cases/{case_id}/status", {
          params: { path: { case_id: of.id }, header: { "idempotency-key": key } },
          body: { status: to, seen },
        }),
      ),
    refreshes: shownWith(of.id),
    onDone: close,
  });
  const statuses = of.allowed_actions.statuses;
  const why = whyUnresolved(of);
  if (statuses.length === 0) return null;
  const go = (to: Status) => move.mutate({ to, seen: of.status });
  return (
    <Part title={moves.title}>
      <Group gap="xs" role="group" aria-label={moves.title}>
        {statuses.map((to, at) => (
          <Button
            key={to}
            size="xs"
            variant={at === 0 ? "filled" : "default"}
            loading={move.isPending && move.variables.to === to}
            disabled={move.isPending}
            onClick={() => (to === "closed" ? open() : go(to))}
          >
            {moveLabel(of.status, to)}
          </Button>
        ))}
      </Group>
      {why && <Text size="sm">{why}</Text>}
      <Modal
        opened={isClosing}
        onClose={close}
        title={moves.closeTitle}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <Text size="sm">{moves.closeHint}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {text.changes.cancel}
            </Button>
            <Button color="red" loading={move.isPending} onClick={() => go("closed")}>
              {moves.closed}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Part>
  );
}
