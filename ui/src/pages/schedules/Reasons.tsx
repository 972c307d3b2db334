import { List } from "@mantine/core";
import { words } from "~/text/format";
import { text } from "~/text/en";

const KNOWN: Record<string, string> = text.schedule.reasons;

/** Names of rules that refused something, in words. */
export function Reasons({ reasons }: { reasons: readonly string[] }) {
  const [only, ...more] = reasons.map((name) => KNOWN[name] ?? words(name));
  if (!only) return null;
  if (more.length === 0) return <>{only}</>;
  return (
    <List size="sm">
      {[only, ...more].map((each) => (
        <List.Item key={each}>{each}</List.Item>
      ))}
    </List>
  );
}
