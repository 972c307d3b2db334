import { Anchor, Code, CopyButton, Button, Group, Stack, Text, Title } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

/** Where an SRE looks further: the workflow's history, its worker, and what to type. */
export function TaskEngine({ engine }: { engine: Schemas["EngineOut"] }) {
  return (
    <Stack component="section" gap="xs" aria-label={text.task.engine}>
      <Title order={4} size="h5">
        {text.task.engine}
      </Title>
      <Anchor href={engine.history_url} target="_blank" rel="noreferrer" size="sm">
        {text.task.history}
      </Anchor>
      <Code className="as-typed">{engine.workflow_id}</Code>
      {engine.worker && (
        <Text size="sm">
          {text.task.worker}: <Code>{engine.worker}</Code>
        </Text>
      )}
      {engine.code_version && (
        <Text size="sm">
          {text.task.version}: <Code>{engine.code_version}</Code>
        </Text>
      )}
      {engine.commands.map((command) => (
        <Group key={command} gap="xs" wrap="nowrap" align="flex-start">
          <Code block className="as-typed" flex={1}>
            {command}
          </Code>
          <CopyButton value={command}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? text.changes.copied : text.changes.copy}
              </Button>
            )}
          </CopyButton>
        </Group>
      ))}
    </Stack>
  );
}
