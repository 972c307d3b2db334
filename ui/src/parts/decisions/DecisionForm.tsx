import { Button, FileInput, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { optionsOf } from "~/parts/options";
import { text } from "~/text/en";
import { fileSize } from "~/text/format";
import { missing, type Decided, type DecisionAction, type Draft } from "./decided";
import { evidenceFile, fileFault, LARGEST_FILE, MEDIA_TYPES } from "./evidence";

const EMPTY: Draft = { reason: null, evidence: "", file: null };
const LONGEST = 4_000; // characters

/** What a decision asks for, with its consequence; the same for a task and for a whole case. */
export function DecisionForm({
  action,
  isSending,
  onDecide,
  onCancel,
}: {
  action: DecisionAction;
  isSending: boolean;
  onDecide: (decided: Decided) => void;
  onCancel: () => void;
}) {
  const [draft, setDraft] = useState(EMPTY);
  const [wasPressed, setPressed] = useState(false);
  const [unreadable, setUnreadable] = useState<string>();
  const faults = missing(action, draft);
  const fault = unreadable ?? (draft.file ? fileFault(draft.file) : undefined);
  const change = (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next }));

  async function decide(event: FormEvent) {
    event.preventDefault();
    setPressed(true);
    if (Object.keys(faults).length > 0 || fault) return;
    try {
      onDecide(await decidedBy(action, draft));
    } catch {
      setUnreadable(text.decisions.fileUnreadable);
    }
  }

  return (
    <form onSubmit={decide} noValidate>
      <Stack>
        <Text size="sm">{text.decisions.consequence[action]}</Text>
        {action === "waive" && <Text size="sm">{text.decisions.second}</Text>}
        {action === "waive" && (
          <Select
            label={text.decisions.reason}
            data={REASONS}
            value={draft.reason}
            error={wasPressed && faults.reason}
            onChange={(reason) => change({ reason: reason as Draft["reason"] })}
            allowDeselect={false}
            withAsterisk
            data-autofocus
          />
        )}
        {action !== "retry" && (
          <Textarea
            label={text.decisions.evidence[action]}
            description={text.decisions.evidenceHint}
            value={draft.evidence}
            error={wasPressed && faults.evidence}
            onChange={(event) => change({ evidence: event.currentTarget.value })}
            maxLength={LONGEST}
            minRows={3}
            autosize
            maxRows={10}
            data-autofocus={action === "complete_by_hand" || undefined}
          />
        )}
        {action !== "retry" && (
          <FileInput
            label={text.decisions.file}
            leftSection={<IconPaperclip size={16} aria-hidden />}
            description={text.decisions.fileHint(fileSize(LARGEST_FILE))}
            value={draft.file}
            error={fault}
            onChange={(file) => {
              setUnreadable(undefined);
              change({ file });
            }}
            accept={MEDIA_TYPES.join(",")}
            clearable
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {text.changes.cancel}
          </Button>
          <Button
            type="submit"
            color={action === "waive" ? "red" : undefined}
            loading={isSending}
            data-autofocus={action === "retry" || undefined}
          >
            {text.decisions.actions[action]}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const REASONS = optionsOf(text.decisions.reasons);

async function decidedBy(action: DecisionAction, draft: Draft): Promise<Decided> {
  if (action === "retry") return { action };
  return {
    action,
    ...(action === "waive" && { reason: draft.reason }),
    ...(draft.evidence.trim() && { evidence: draft.evidence.trim() }),
    ...(draft.file && { file: await evidenceFile(draft.file) }),
  };
}
