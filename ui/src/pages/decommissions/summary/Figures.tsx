import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Snapshot } from "~/api/live";
import { Moment } from "~/parts/Moment";
import { useWho } from "~/parts/actors/useWho";
import { useNow } from "~/parts/useNow";
import { text } from "~/text/en";
import { clock, duration, moment } from "~/text/format";
import { Prediction } from "./Prediction";

const words = text.progress;

/** When it began, how long it runs, when it will be done, and when it should be. */
export function Figures({ snapshot, receivedAt }: { snapshot: Snapshot; receivedAt: number }) {
  const who = useWho({ isWithin: true });
  const elapsed = useElapsed(snapshot, receivedAt);
  const isOver = snapshot.finished_at !== null;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
      <Figure
        label={words.requested}
        value={<Moment at={snapshot.requested_at} />}
        note={words.by(who(snapshot.requested_by))}
      />
      <Figure
        label={isOver ? words.took : words.elapsed}
        value={duration(elapsed)}
        note={words.ofUsual(duration(snapshot.expected_s))}
        isBad={!isOver && snapshot.is_overdue}
      />
      {isOver ? (
        <Figure label={words.finished} value={<Moment at={snapshot.finished_at} />} />
      ) : (
        <Prediction prediction={snapshot.prediction} />
      )}
      <Figure
        label={words.due}
        value={shortly(snapshot.due_at)}
        note={lateness(snapshot)}
        isBad={!isOver && snapshot.jeopardy_at !== null}
      />
    </SimpleGrid>
  );
}

export function Figure({
  label,
  value,
  note,
  isBad = false,
  children,
}: {
  label: string;
  value: ReactNode;
  note?: string;
  isBad?: boolean;
  children?: ReactNode;
}) {
  return (
    <Stack gap={2} role="group" aria-label={label}>
      <Text size="sm" className="quiet">
        {label}
      </Text>
      <Text fw={600}>{value}</Text>
      {note && (
        <Text size="sm" className={isBad ? "alarm" : "quiet"}>
          {note}
        </Text>
      )}
      {children}
    </Stack>
  );
}

/** Only the time of day when it is near, else with the date. */
export function shortly(iso: string): string {
  const hours = Math.abs(new Date(iso).getTime() - Date.now()) / 3_600_000;
  return hours < 12 ? clock(iso) : moment(iso);
}

function lateness(snapshot: Snapshot): string {
  if (snapshot.is_overdue) return words.overdue;
  if (snapshot.jeopardy_at === null) return snapshot.prediction?.finish ? words.inTime : "";
  return snapshot.finished_at ? words.wasLate : words.lateSince(shortly(snapshot.jeopardy_at));
}

/** Grows by the second between two snapshots. */
function useElapsed(snapshot: Snapshot, receivedAt: number): number {
  const isRunning = snapshot.finished_at === null;
  const now = useNow(isRunning && 1_000);
  if (!isRunning) return snapshot.elapsed_s;
  return Math.floor(snapshot.elapsed_s + Math.max(0, now - receivedAt) / 1_000);
}
