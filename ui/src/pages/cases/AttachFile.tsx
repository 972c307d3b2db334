import { Alert, Button, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { Problem } from "~/api/problem";
import { isUnanswered, useChange } from "~/api/useChange";
import { text } from "~/text/en";
import { fileSize } from "~/text/format";
import { KINDS, LARGEST, Stopped, uploadFile } from "./uploadFile";
import { shownWith } from "./useCase";

const { files: labels } = text.cases;

interface Chosen {
  name: string;
  size: number;
  changedAt: number; // tells files apart for the key of the change
  file: File;
}

/** Sends a file with its progress, tells why one is not taken, and sends it again if wanted. */
export function AttachFile({ caseId }: { caseId: string }) {
  const [sent, setSent] = useState(0);
  const [tooLarge, setTooLarge] = useState<File>();
  const stop = useRef(new AbortController());
  const reset = useRef<() => void>(null);
  const upload = useChange({
    isQuiet: true,
    send: ({ file }: Chosen, key) =>
      uploadFile({ caseId, file, key, signal: stop.current.signal, onSent: setSent }),
    refreshes: shownWith(caseId),
    done: labels.attached,
  });
  const start = (chosen: Chosen) => {
    setSent(0);
    stop.current = new AbortController();
    upload.mutate(chosen);
  };
  const choose = (file: File | null) => {
    reset.current?.(); // so that the same file can be chosen again
    if (!file) return;
    upload.reset();
    setTooLarge(file.size > LARGEST ? file : undefined);
    if (file.size > LARGEST) return;
    start({ name: file.name, size: file.size, changedAt: file.lastModified, file });
  };
  return (
    <Stack gap="xs">
      {upload.isPending && (
        <Sending name={upload.variables.name} sent={sent} onStop={() => stop.current.abort()} />
      )}
      {tooLarge && <Failed name={tooLarge.name} why={labels.tooLarge(fileSize(tooLarge.size))} />}
      {upload.error && !(upload.error instanceof Stopped) && (
        <Failed
          name={upload.variables?.name ?? ""}
          why={told(upload.error)}
          onRetry={
            isUnanswered(upload.error)
              ? () => upload.variables && start(upload.variables)
              : undefined
          }
        />
      )}
      <Text size="xs">{labels.hint}</Text>
      <FileButton onChange={choose} accept={KINDS} resetRef={reset}>
        {(props) => (
          <Button
            {...props}
            size="xs"
            variant="default"
            disabled={upload.isPending}
            leftSection={<IconPaperclip size={16} aria-hidden />}
          >
            {labels.attach}
          </Button>
        )}
      </FileButton>
    </Stack>
  );
}

function Sending({ name, sent, onStop }: { name: string; sent: number; onStop: () => void }) {
  const isChecked = sent >= 1;
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" truncate role="status">
          {isChecked ? labels.checking(name) : labels.uploading(name)}
        </Text>
        <Button size="compact-xs" variant="default" onClick={onStop}>
          {labels.stop}
        </Button>
      </Group>
      <Progress
        value={sent * 100}
        animated={isChecked}
        aria-label={labels.uploading(name)}
        transitionDuration={100}
      />
    </Stack>
  );
}

function Failed({ name, why, onRetry }: { name: string; why: string; onRetry?: () => void }) {
  return (
    <Alert color="red" role="alert" title={labels.refused(name)}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{why}</Text>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {labels.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function told(error: Error): string {
  return error instanceof Problem && error.status === 0 ? text.changes.lost : error.message;
}
