import { Text } from "@mantine/core";
import { useWho } from "~/parts/actors/useWho";
import { CaseStatusBadge } from "~/parts/cases/CaseBadges";
import { Proof } from "~/parts/decisions/DecisionList";
import { otherRole } from "~/parts/decisions/otherRole";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { byState, caseHistory, type Decided, type Move } from "./caseHistory";
import { Part } from "./Part";
import type { Case } from "./useCase";

const { history: labels } = text.cases;

/** What was decided and where the case went, as one story, newest first. */
export function CaseHistory({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  return (
    <Part title={labels.title}>
      <ol className="case-history">
        {caseHistory(of.history, of.decisions).map((one, at) => (
          <li key={`${one.at} ${at}`}>
            {one.kind === "move" ? (
              <Moved move={one} />
            ) : (
              <Decisions decided={one} timeZone={timeZone} />
            )}
            <Text size="xs">
              <Moment at={one.at} timeZone={timeZone} />
            </Text>
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Moved({ move }: { move: Move }) {
  const who = useWho({ isWithin: true });
  return (
    <Text size="sm" component="div">
      <CaseStatusBadge status={move.status} /> {labels.by(who(move.actor))}
    </Text>
  );
}

function Decisions({ decided, timeZone }: { decided: Decided; timeZone: string | undefined }) {
  const who = useWho({ isWithin: true });
  const { decisions } = decided;
  const first = decisions[0]!;
  const second = decisions.find((one) => one.second_person);
  const states = byState(decisions);
  return (
    <>
      <Text size="sm">
        <b>{labels.decided(text.decisions.made[first.action], decisions.length)}</b>{" "}
        {labels.by(who(first.decided_by, first.decided_as))}
      </Text>
      <Text size="sm">
        {states
          .map(([state, count]) =>
            states.length === 1
              ? text.decisions.states[state]
              : labels.stateOf(text.decisions.states[state], count),
          )
          .join(", ")}
        {first.ended_at && decisions.length === 1 && (
          <>
            {", "}
            <Moment at={first.ended_at} timeZone={timeZone} />
          </>
        )}
      </Text>
      {second?.second_person && (
        <Text size="sm">
          {labels.second(who(second.second_person, otherRole(second.decided_as)))}
        </Text>
      )}
      <Proof decision={first} />
      {refusals(decided).map((why) => (
        <Text key={why} size="sm">
          {why}
        </Text>
      ))}
    </>
  );
}

function refusals({ decisions }: Decided): string[] {
  const failures: Record<string, string> = text.words.failures;
  const found = decisions.flatMap(({ refused_because: why }) =>
    why ? [text.decisions.withoutEffect[why] ?? failures[why] ?? why] : [],
  );
  return [...new Set(found)];
}
