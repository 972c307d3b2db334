import { Group, Text } from "@mantine/core";
import { STANDINGS } from "~/parts/TaskBadge";
import type { Standing } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { Mark } from "./TaskMark";

/** What each symbol means, and how the grid is used without a mouse. */
export function Legend() {
  return (
    <Group gap="md" role="group" aria-label={text.progress.grid.legend}>
      {(Object.keys(STANDINGS) as Standing[])
        .filter((standing) => standing !== "cancelled")
        .map((standing) => (
          <Group key={standing} gap={6} wrap="nowrap" className="legend">
            <Mark standing={standing} />
            <Text size="xs">{text.words.task[standing]}</Text>
          </Group>
        ))}
      <Text size="xs" className="quiet">
        {text.progress.grid.keys}
      </Text>
    </Group>
  );
}
