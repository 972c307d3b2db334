import { Alert, Button, Center, Loader, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { OFFLINE, Problem } from "~/api/problem";
import { text } from "~/text/en";

/** While something is on its way. */
export function Loading() {
  return (
    <Center p="xl">
      <Loader role="img" aria-label={text.state.loading} />
    </Center>
  );
}

/** What went wrong, in the server's own words, and a way to try again. */
export function Trouble({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const problem = error instanceof Problem ? error : undefined;
  if (problem?.status === 404) {
    return <Empty title={text.state.notFound} hint={text.state.notFoundHint} />;
  }
  const isOffline = problem?.type === OFFLINE;
  return (
    <Alert
      role="alert"
      color={isOffline ? "yellow" : "red"}
      icon={isOffline ? <IconPlugConnectedX /> : <IconAlertTriangle />}
      title={isOffline ? text.state.offline : text.state.failed}
      m="md"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{isOffline ? text.state.offlineHint : error.message}</Text>
        {problem?.requestId && <Text size="xs">{text.state.requestId(problem.requestId)}</Text>}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {text.state.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** When there is nothing to show, why, and what to do. */
export function Empty({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: string;
  children?: ReactNode;
}) {
  return (
    <Center p="xl">
      <Stack gap="xs" align="center">
        <Title order={3} size="h4">
          {title}
        </Title>
        {hint && <Text>{hint}</Text>}
        {children}
      </Stack>
    </Center>
  );
}
