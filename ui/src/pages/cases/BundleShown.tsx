import { Accordion, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "~/api/client";
import { Moment } from "~/parts/Moment";
import { TaskEngine } from "~/parts/tasks/TaskEngine";
import { TaskStory } from "~/parts/tasks/TaskStory";
import { text } from "~/text/en";
import { count } from "~/text/format";

type Bundle = Schemas["BundleOut"];

const { bundle: labels } = text.cases;
const { columns } = labels;

/** A bundle in a readable way: what to do, what was attempted, how it failed, task by task. */
export function BundleShown({ of, timeZone }: { of: Bundle; timeZone: string | undefined }) {
  const untold = of.tasks - of.stories.length;
  return (
    <Stack>
      <Text size="sm">
        <b>{labels.next}</b>: {of.next_step.text}
      </Text>
      <Attempted of={of} />
      <Errors of={of} timeZone={timeZone} />
      <Accordion
        variant="contained"
        order={3}
        keepMounted={false}
        defaultValue={of.stories[0]?.task_id}
      >
        {of.stories.map((story) => (
          <Accordion.Item key={story.task_id} value={story.task_id}>
            <Accordion.Control>{story.headline}</Accordion.Control>
            <Accordion.Panel>
              <Told story={story} timeZone={timeZone} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {untold > 0 && <Text size="sm">{labels.more(untold)}</Text>}
    </Stack>
  );
}

function Told({ story, timeZone }: { story: Schemas["StoryOut"]; timeZone: string | undefined }) {
  return (
    <Stack gap="xs">
      <Text size="sm">
        {story.doing} {story.happens_next}
      </Text>
      <Text size="sm">{story.clocks}</Text>
      <TaskStory story={story} timeZone={timeZone} />
      {story.engine && <TaskEngine engine={story.engine} />}
    </Stack>
  );
}

function Attempted({ of }: { of: Bundle }) {
  return (
    <Under title={labels.attempted}>
      {of.attempted.length === 0 && <Text size="sm">{labels.noTasks}</Text>}
      {of.attempted.length > 0 && (
        <Figures
          label={labels.attempted}
          titles={[columns.task, columns.state, columns.tasks, columns.done, columns.refused]}
          rows={of.attempted.map((one) => [
            text.words.kinds[one.kind],
            text.words.task[one.state === "pending" ? "running" : one.state],
            count(one.tasks),
            text.cases.tasks.done(count(one.done), count(one.total)),
            count(one.failed_items),
          ])}
        />
      )}
    </Under>
  );
}

function Errors({ of, timeZone }: { of: Bundle; timeZone: string | undefined }) {
  return (
    <Under title={labels.errors}>
      {of.errors.length === 0 && <Text size="sm">{labels.noErrors}</Text>}
      {of.errors.length > 0 && (
        <Figures
          label={labels.errors}
          titles={[columns.failure, columns.attempts, columns.tasks, columns.last, columns.message]}
          rows={of.errors.map((one) => [
            text.words.failures[one.failure],
            count(one.attempts),
            count(one.tasks),
            <Moment at={one.last_at} timeZone={timeZone} />,
            one.last_message,
          ])}
        />
      )}
    </Under>
  );
}

function Under({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function Figures({
  label,
  titles,
  rows,
}: {
  label: string;
  titles: string[];
  rows: ReactNode[][];
}) {
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table aria-label={label} fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {titles.map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, at) => (
            <Table.Tr key={at}>
              {row.map((cell, column) => (
                <Table.Td key={titles[column]} className="as-typed">
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
