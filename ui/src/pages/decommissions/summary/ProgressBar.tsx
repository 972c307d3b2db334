import { Group, Text } from "@mantine/core";
import type { Schemas } from "~/api/client";
import type { Standing } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { Mark } from "../grid/TaskMark";
import { shares, type Share } from "./shares";

const words = text.progress;

/** How many tasks are where, as a bar and in figures. */
export function ProgressBar({ counts }: { counts: Schemas["CountsOut"] }) {
  const parts = shares(counts);
  return (
    <div>
      <Group justify="space-between" mb={6}>
        <Text fw={600}>{words.done(count(counts.completed), count(counts.total))}</Text>
        <Group gap="md">
          {parts.map((part) => (
            <Group key={part.standing} gap={6} wrap="nowrap" className="legend">
              <Mark standing={part.standing} />
              <Text size="sm">{`${count(part.count)} ${words.counts[named(part)]}`}</Text>
            </Group>
          ))}
        </Group>
      </Group>
      <div
        className="progress-bar"
        role="progressbar"
        aria-label={words.progressLabel}
        aria-valuemin={0}
        aria-valuemax={counts.total}
        aria-valuenow={counts.completed}
        aria-valuetext={words.done(count(counts.completed), count(counts.total))}
      >
        {parts.map((part) => (
          <span
            key={part.standing}
            data-standing={part.standing}
            style={{ flexGrow: part.count }}
          />
        ))}
      </div>
    </div>
  );
}

function named(share: Share): keyof typeof words.counts {
  return share.standing as Exclude<Standing, "waiting" | "waived">;
}
