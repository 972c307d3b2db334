import { Group, Stack, Text } from "@mantine/core";
import { text } from "~/text/en";

const KINDS = ["active", "waiting", "outside"] as const;

/** What the bars mean, and what they cannot tell. */
export function Legend() {
  return (
    <Stack gap={4}>
      <Group
        gap="md"
        component="ul"
        className="timeline-legend"
        aria-label={text.timeline.legend.label}
      >
        {KINDS.map((kind) => (
          <Group key={kind} component="li" gap={6}>
            <span className="timeline-sample" data-kind={kind} aria-hidden />
            <Text size="xs">{text.timeline.legend[kind]}</Text>
          </Group>
        ))}
      </Group>
      <Text size="xs">{text.timeline.legend.share}</Text>
    </Stack>
  );
}
