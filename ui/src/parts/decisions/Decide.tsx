import { Button, Group, Modal, Stack } from "@mantine/core";
import type { QueryKey } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useChange } from "~/api/useChange";
import { Refused } from "~/parts/Refused";
import { text } from "~/text/en";
import type { Decided, DecisionAction } from "./decided";
import { DecisionForm } from "./DecisionForm";

/** One button per decision that is allowed, each with its dialog: of a task, or of a case. */
export function Decide<Out>({
  actions,
  about,
  send,
  refreshes,
  stale,
  onOpen,
  onDone,
}: {
  actions: readonly DecisionAction[];
  /** What is decided about, for the dialog's title. */
  about: string;
  send: (decided: Decided, key: string) => Promise<Out>;
  refreshes: QueryKey[];
  /** Stands in the dialog instead of the form when what was seen is not so any more. */
  stale?: (action: DecisionAction) => ReactNode;
  onOpen?: () => void;
  onDone?: (out: Out, decided: Decided) => void;
}) {
  const [action, setAction] = useState<DecisionAction>("retry");
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const decide = useChange({
    send,
    refreshes,
    done: text.decisions.done[action],
    onDone: (out: Out, decided) => {
      close();
      onDone?.(out, decided);
    },
    isQuiet: true,
  });
  function open(wanted: DecisionAction) {
    decide.reset();
    setAction(wanted);
    setOpen(true);
    onOpen?.();
  }
  const gone = decide.isSuccess ? undefined : stale?.(action);
  return (
    <>
      {actions.length > 0 && (
        <Group gap="xs" role="group" aria-label={text.decisions.label}>
          {actions.map((each) => (
            <Button
              key={each}
              size="xs"
              variant={each === "retry" ? "filled" : "default"}
              onClick={() => open(each)}
            >
              {text.decisions.actions[each]}
            </Button>
          ))}
        </Group>
      )}
      <Modal
        opened={isOpen}
        onClose={close}
        title={text.decisions.question(action, about)}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Stack>
          <Refused error={decide.error} />
          {gone || (
            <DecisionForm
              action={action}
              isSending={decide.isPending}
              onDecide={decide.mutate}
              onCancel={close}
            />
          )}
        </Stack>
      </Modal>
    </>
  );
}
