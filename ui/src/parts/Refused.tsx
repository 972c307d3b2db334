import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Problem } from "~/api/problem";
import { isUnanswered } from "~/api/useChange";
import { text } from "~/text/en";
import { LogInAgain } from "./LogInAgain";

/** Inside a dialog: why the server did not do it, in its own words, and the way on if there is one. */
export function Refused({ error }: { error: Error | null }) {
  if (!error) return null;
  const problem = error instanceof Problem ? error : undefined;
  const more = problem?.fieldErrors.filter(({ message }) => !error.message.includes(message)) ?? [];
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={text.changes.failed}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{isUnanswered(error) ? text.changes.lost : error.message}</Text>
        {more.map(({ field, message }) => (
          <Text key={field} size="sm">
            {message}
          </Text>
        ))}
        {problem?.requestId && <Text size="xs">{text.state.requestId(problem.requestId)}</Text>}
        {problem?.isSignedOut && <LogInAgain />}
      </Stack>
    </Alert>
  );
}
