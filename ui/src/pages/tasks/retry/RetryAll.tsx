import { Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { Confirm } from "./Confirm";
import { Result } from "./Result";
import { useBulkRetry, type Stage } from "./useBulkRetry";

const { retry } = text.tasks;

/** `Retry all that match`, for support and SREs: says how many before it does anything. */
export function RetryAll({ asked }: { asked: URLSearchParams }) {
  const bulk = useBulkRetry(asked);
  const { stage } = bulk;
  const isSending = stage.is === "sending";
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => void bulk.open()}
      >
        {retry.all}
      </Button>
      <Modal
        opened={stage.is !== "closed"}
        onClose={bulk.close}
        closeOnClickOutside={!isSending}
        closeOnEscape={!isSending}
        withCloseButton={!isSending}
        title={retry.title}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <Body stage={stage} bulk={bulk} />
      </Modal>
    </>
  );
}

function Body({ stage, bulk }: { stage: Stage; bulk: ReturnType<typeof useBulkRetry> }) {
  switch (stage.is) {
    case "closed":
      return null;
    case "collecting":
      return (
        <>
          <Loading />
          <Text size="sm" role="status">
            {retry.collecting(stage.count)}
          </Text>
        </>
      );
    case "broken":
      return <Trouble error={stage.error} onRetry={() => void bulk.open()} />;
    case "asking":
      return (
        <Confirm
          tasks={stage.tasks}
          onCancel={bulk.close}
          onConfirm={() => void bulk.send(stage.tasks)}
        />
      );
    case "sending":
      return <Sending {...stage} onStop={bulk.stop} />;
    case "over":
      return <Result outcome={stage.outcome} onClose={bulk.close} />;
  }
}

function Sending({ done, total, onStop }: { done: number; total: number; onStop: () => void }) {
  return (
    <Stack>
      <Progress.Root size="lg">
        <Progress.Section value={(100 * done) / total} aria-label={retry.progress} />
      </Progress.Root>
      <Text size="sm">{retry.sending(count(done), count(total))}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onStop} data-autofocus>
          {retry.stop}
        </Button>
      </Group>
    </Stack>
  );
}
