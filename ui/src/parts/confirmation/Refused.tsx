import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Problem } from "~/api/problem";
import { signIn } from "~/api/session";
import { text } from "~/text/en";

const TOO_OLD = "/problems/login-too-old";

/** Inside a dialog: why the server did not do it, in its own words, and the way on if there is one. */
export function Refused({ error }: { error: Error | null }) {
  if (!error) return null;
  const problem = error instanceof Problem ? error : undefined;
  const isLost = !problem || problem.status === 0 || problem.status >= 500;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={text.changes.failed}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{isLost ? text.changes.lost : error.message}</Text>
        {fieldErrors(problem).map((message) => (
          <Text key={message} size="sm">
            {message}
          </Text>
        ))}
        {problem?.requestId && <Text size="xs">{text.state.requestId(problem.requestId)}</Text>}
        {problem?.type === TOO_OLD && (
          <>
            <Text size="sm">{text.schedule.againHint}</Text>
            <Button size="xs" onClick={() => signIn({ isFresh: true })}>
              {text.schedule.again}
            </Button>
          </>
        )}
      </Stack>
    </Alert>
  );
}

function fieldErrors(problem: Problem | undefined): string[] {
  const errors = problem?.body["errors"];
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((each: { message?: unknown }) =>
    typeof each.message === "string" && !problem?.message.includes(each.message)
      ? [each.message]
      : [],
  );
}
