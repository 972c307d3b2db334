import { Anchor, Badge, Group, Stack, Text, type MantineColor } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { count, words } from "~/text/format";
import { otherRole } from "./otherRole";

type Decision = Schemas["DecisionOut"];

const COLORS: Record<Decision["state"], MantineColor> = {
  awaiting_second_person: "violet",
  accepted: "blue",
  carried_out: "green",
  refused: "gray",
};

/** What was decided, newest first: by whom, when, and what became of it. */
export function DecisionList({
  decisions,
  timeZone,
}: {
  decisions: readonly Decision[];
  timeZone?: string;
}) {
  if (decisions.length === 0) return <Text size="sm">{text.decisions.none}</Text>;
  return (
    <Stack component="ol" gap="sm" m={0} p={0} className="decision-list">
      {decisions.toReversed().map((decision) => (
        <li key={decision.id}>
          <Told decision={decision} timeZone={timeZone} />
        </li>
      ))}
    </Stack>
  );
}

function Told({ decision, timeZone }: { decision: Decision; timeZone?: string }) {
  const who = useWho({ isWithin: true });
  const { second_person: second, decided_as: role } = decision;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {text.decisions.made[decision.action]}
        </Text>
        <Badge color={COLORS[decision.state]} variant="filled" autoContrast tt="none" size="sm">
          {text.decisions.states[decision.state]}
        </Badge>
      </Group>
      <Text size="xs" className="quiet">
        {text.decisions.by(who(decision.decided_by, role))}
        {second && `, ${text.decisions.and(who(second, otherRole(role)))}`}
        {decision.round && `, ${text.decisions.inRound(count(decision.round))}`}
        {", "}
        <Moment at={decision.created_at} timeZone={timeZone} />
      </Text>
      <Proof decision={decision} />
      {decision.refused_because && <Text size="sm">{withoutEffect(decision.refused_because)}</Text>}
    </Stack>
  );
}

/** Why, and what shows it. The file is for staff, whom its name is told. */
export function Proof({ decision }: { decision: Decision }) {
  return (
    <>
      {decision.reason && <Text size="sm">{text.decisions.reasons[decision.reason]}</Text>}
      {decision.evidence && (
        <Text size="sm" className="as-typed" dir="auto">
          {decision.evidence}
        </Text>
      )}
      {decision.file_name && (
        <Anchor size="sm" href={`/api/v1/decisions/${decision.id}/evidence`} download>
          {text.decisions.download(decision.file_name)}
        </Anchor>
      )}
    </>
  );
}

function withoutEffect(because: string): string {
  const failures: Record<string, string> = text.words.failures;
  return text.decisions.withoutEffect[because] ?? failures[because] ?? words(because);
}
