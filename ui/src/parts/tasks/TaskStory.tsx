import { Stack, Text } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { count, duration, moment } from "~/text/format";
import type { Story } from "./useStory";

type Line = Schemas["LineOut"];

/** What happened, oldest first, as the server tells it, and how often attempts failed alike. */
export function TaskStory({ story, timeZone }: { story: Story; timeZone?: string }) {
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {story.headline}
      </Text>
      <ol className="task-story">
        {story.lines.map((line, at) => (
          <li key={`${line.at} ${at}`} data-what={line.what}>
            <Text size="sm">{line.text}</Text>
            <Text size="xs" className="quiet">
              <time dateTime={line.at}>{moment(line.at, timeZone)}</time>
              {took(line)}
            </Text>
          </li>
        ))}
      </ol>
      {story.failures.length > 0 && (
        <Stack gap={2}>
          <Text size="sm" fw={600}>
            {text.task.failures}
          </Text>
          {story.failures.map((each) => (
            <Text key={each.failure} size="sm">
              {text.words.failures[each.failure]}:{" "}
              {each.attempts === 1 ? text.task.once : text.task.times(count(each.attempts))}
            </Text>
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function took({ at, until }: Line): string {
  if (!until) return "";
  return ` · ${duration((Date.parse(until) - Date.parse(at)) / 1000)}`;
}
