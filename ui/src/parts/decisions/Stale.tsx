import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { Schemas } from "~/api/client";
import { taskStanding } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { count } from "~/text/format";

export type Looked = Pick<
  Schemas["TaskOut"],
  "round" | "state" | "phase" | "stuck_at" | "waiting_reason" | "waived_by"
>;

/** Says what changed since somebody opened the dialog, and lets them decide about what is now. */
export function Stale({
  seen,
  now,
  isPossible,
  onGoOn,
}: {
  seen: Looked;
  now: Looked;
  isPossible: boolean;
  onGoOn: () => void;
}) {
  return (
    <Alert color="yellow" role="alert" icon={<IconEye />} title={text.decisions.changed}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text.decisions.changedFrom(standing(seen), standing(now))}</Text>
        {isPossible ? (
          <Button size="xs" variant="default" onClick={onGoOn}>
            {text.decisions.goOn}
          </Button>
        ) : (
          <Text size="sm">{text.decisions.notAnyMore}</Text>
        )}
      </Stack>
    </Alert>
  );
}

function standing(task: Looked): string {
  const word = text.words.task[taskStanding(task)].toLowerCase();
  return text.decisions.seen(word, count(task.round));
}
