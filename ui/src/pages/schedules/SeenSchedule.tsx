import { Alert, List, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { DueMoment } from "~/parts/due/DueMoment";
import { text } from "~/text/en";
import { meanwhile } from "./meanwhile";
import type { FoundSchedule } from "./useSchedules";

const words = text.schedule;

/** The schedule that a dialog is about, and what others changed since the dialog was opened. */
export function SeenSchedule({ found }: { found: FoundSchedule }) {
  const { schedule } = found;
  const [seen] = useState(schedule);
  const news = meanwhile(seen, schedule);
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600} dir="auto" lineClamp={2}>
          {schedule.occupier_name}
        </Text>
        <Text component="div" size="sm">
          {schedule.state === "blocked" ? words.wasDue : words.nowDue}{" "}
          <DueMoment at={schedule.due_at} timeZone={schedule.time_zone} />
        </Text>
      </div>
      {news.length > 0 && (
        <Alert role="alert" color="yellow" title={words.meanwhile}>
          <List size="sm">
            {news.map((each) => (
              <List.Item key={each}>{each}</List.Item>
            ))}
          </List>
          <Text size="sm">{words.meanwhileHint}</Text>
        </Alert>
      )}
      <Barred found={found} />
    </Stack>
  );
}

/** Why nothing can be done about it here, if so. */
function Barred({ found: { schedule } }: { found: FoundSchedule }) {
  const { state, allowed_actions: allowed } = schedule;
  if (allowed.length > 0) return null;
  const isOver = state === "started" || state === "cancelled";
  return <Text size="sm">{isOver ? words.over[state] : words.notAllowed}</Text>;
}
