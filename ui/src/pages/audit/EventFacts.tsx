import { Code } from "@mantine/core";
import { text } from "~/text/en";
import { words } from "~/text/format";
import type { AuditEvent } from "./useAudit";

const { detail: labels } = text.audit;

/** All that an event tells: ids, states and numbers, never a name. */
export function EventFacts({ event }: { event: AuditEvent }) {
  const facts: [string, string | null][] = [
    [labels.number, String(event.id)],
    [labels.reason, event.reason],
    ...states(labels.before, event.before),
    ...states(labels.after, event.after),
    [labels.actor, event.actor],
    [labels.subject, `${event.entity_kind}:${event.entity_id}`],
    [labels.request, event.request_id],
    [labels.hash, event.hash],
  ];
  return (
    <dl className="event-facts">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Code className="event-fact">{value}</Code>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

function states(when: string, told: Record<string, string> | null): [string, string][] {
  return Object.entries(told ?? {}).map(([name, value]) => [`${when}: ${words(name)}`, value]);
}
