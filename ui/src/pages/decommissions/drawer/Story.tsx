import { Anchor, Code, List, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { useZoneOf } from "~/parts/tasks/useZoneOf";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { moment } from "~/text/format";

type StoryOut = Schemas["StoryOut"];

const words = text.progress.drawer;
const MOVES_MS = 5_000;

/** What happened to a task, in the API's plain words, and who does what next. */
export function Story({
  taskId,
  siteId,
  isMoving,
}: {
  taskId: string;
  siteId: string | null;
  isMoving: boolean;
}) {
  const zone = useZoneOf(siteId);
  const story = useQuery({
    queryKey: ["task", taskId, "story"],
    queryFn: () =>
      read(api.GET("/api/v1/tasks/{task_id}/story", { params: { path: { task_id: taskId } } })),
    refetchInterval: isMoving ? MOVES_MS : false,
  });
  if (story.isPending) return <Loading />;
  if (!story.data) return <Trouble error={story.error!} onRetry={() => story.refetch()} />;
  const { doing, happens_next, lines, engine } = story.data;
  return (
    <Stack gap="sm">
      <Part title={words.now}>{doing}</Part>
      <Part title={words.next}>{happens_next}</Part>
      <Part title={words.todo}>{todo(story.data)}</Part>
      <Title order={3} size="h5">
        {words.story}
      </Title>
      <List size="sm" spacing={6} listStyleType="none" withPadding={false}>
        {lines.map((line, index) => (
          <List.Item key={`${line.at}/${index}`}>
            <Text size="xs" className="quiet" component="time" dateTime={line.at}>
              {moment(line.at, zone)}
            </Text>
            <Text size="sm">{line.text}</Text>
          </List.Item>
        ))}
      </List>
      {engine && <Engine engine={engine} />}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: string }) {
  return (
    <div>
      <Text size="xs" className="quiet">
        {title}
      </Text>
      <Text size="sm">{children}</Text>
    </div>
  );
}

function todo({ next_step }: StoryOut): string {
  if (!next_step.audience) return next_step.text;
  return `${words.audience[next_step.audience]}: ${next_step.text}`;
}

function Engine({ engine }: { engine: NonNullable<StoryOut["engine"]> }) {
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        {words.engine}
      </Title>
      <Anchor size="sm" href={engine.history_url} target="_blank" rel="noreferrer">
        {text.progress.history}
      </Anchor>
      {engine.commands.map((command) => (
        <Code key={command} block className="command">
          {command}
        </Code>
      ))}
    </Stack>
  );
}
