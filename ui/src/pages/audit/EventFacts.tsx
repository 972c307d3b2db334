import { Code } from "@mantine/core";
import { Facts, type Fact } from "~/parts/Facts";
import { text } from "~/text/en";
import { words } from "~/text/format";
import type { AuditEvent } from "./useAudit";

const { detail: labels } = text.audit;

/** All that an event tells: ids, states and numbers, never a name. */
export function EventFacts({ event }: { event: AuditEvent }) {
  return (
    <Facts
      facts={[
        coded(labels.number, String(event.id)),
        coded(labels.reason, event.reason),
        ...states(labels.before, event.before),
        ...states(labels.after, event.after),
        coded(labels.actor, event.actor),
        coded(labels.subject, `${event.entity_kind}:${event.entity_id}`),
        coded(labels.request, event.request_id),
        coded(labels.hash, event.hash),
      ]}
    />
  );
}

function coded(name: string, value: string | null): Fact {
  return [name, value !== null && <Code className="event-fact">{value}</Code>];
}

function states(when: string, told: Record<string, string> | null): Fact[] {
  return Object.entries(told ?? {}).map(([name, value]) => coded(`${when}: ${words(name)}`, value));
}
