import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import { api, read } from "~/api/client";
import { useMe } from "~/api/me";
import { useChange } from "~/api/useChange";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { Refused } from "~/parts/Refused";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { fieldErrors } from "./fieldErrors";
import { Part } from "./Part";
import { shownWith, type Case } from "./useCase";

const { comments: labels } = text.cases;
const MOST = 10_000; // characters, as the API counts them
const NEAR = 9_000;

/** What people wrote, as they typed it, and room for one more. */
export function CaseComments({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const who = useWho();
  return (
    <Part title={labels.title}>
      {of.comments.length === 0 && <Text size="sm">{labels.none}</Text>}
      {of.comments.length > 0 && (
        <ol className="case-comments">
          {of.comments.map((comment) => (
            <li key={comment.id}>
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  {who(comment.author)}
                </Text>
                <Text size="xs">
                  <Moment at={comment.created_at} timeZone={timeZone} />
                </Text>
              </Group>
              <Text size="sm" className="as-typed" dir="auto">
                {comment.body}
              </Text>
            </li>
          ))}
        </ol>
      )}
      {of.allowed_actions.comment ? (
        <NewComment of={of} />
      ) : (
        of.status === "closed" && <Text size="sm">{labels.over}</Text>
      )}
    </Part>
  );
}

function NewComment({ of }: { of: Case }) {
  const me = useMe();
  const [body, setBody] = useState("");
  const comment = useChange({
    isQuiet: true,
    send: (wanted: { body: string }, key) =>
      read(
        api.POST("/api/v1/cases/{case_id}/comments", {
          params: { path: { case_id: of.id }, header: { "idempotency-key": key } },
          body: wanted,
        }),
      ),
    refreshes: shownWith(of.id),
    onDone: (added) => {
      setBody("");
      const hasMoved = added.case_status !== of.status;
      notifications.show({ message: hasMoved ? labels.reopened : labels.added, color: "green" });
    },
  });
  const length = [...body].length;
  const errors: Record<string, string> = fieldErrors(comment.error, ["body"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body.trim()) comment.mutate({ body });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        {!errors.body && <Refused error={comment.error} />}
        <Textarea
          label={labels.label}
          description={effect(of, me.data?.staff_role != null)}
          placeholder={labels.placeholder}
          autosize
          minRows={3}
          maxRows={14}
          dir="auto"
          value={body}
          error={errors.body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          {length > NEAR && (
            <Text size="sm" c={length > MOST ? "var(--mantine-color-error)" : undefined}>
              {labels.used(count(length), count(MOST))}
            </Text>
          )}
          <Button
            type="submit"
            size="sm"
            disabled={!body.trim() || length > MOST}
            loading={comment.isPending}
          >
            {labels.add}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What a comment does to the case besides standing there. */
function effect(of: Case, isStaff: boolean): string | undefined {
  if (of.status === "resolved") return labels.reopens;
  return of.status === "waiting_on_customer" && !isStaff ? labels.answers : undefined;
}
