import { Anchor, Group, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import type { Told } from "./told";

/** One event: what happened to which task or site, who did it, and when.
 *
 * In the reader's zone, as times of several zones in one list would look out of order.
 */
export function FeedItem({
  at,
  actor,
  told,
  taskId,
  onTask,
}: {
  at: string;
  actor?: string;
  told: Told;
  taskId?: string;
  onTask?: (taskId: string) => void;
}) {
  const who = useWho();
  return (
    <li>
      <Group gap="xs" align="baseline">
        <Text size="sm" fw={600}>
          {told.what}
        </Text>
        {taskId && <ToTask taskId={taskId} onTask={onTask} name={told.about ?? text.feed.toTask} />}
        {!taskId && told.about && <Text size="sm">{told.about}</Text>}
      </Group>
      {told.detail && <Text size="sm">{told.detail}</Text>}
      <Text size="xs" className="quiet">
        <Moment at={at} />
        {actor && ` · ${who(actor)}`}
      </Text>
    </li>
  );
}

function ToTask({
  taskId,
  name,
  onTask,
}: {
  taskId: string;
  name: string;
  onTask?: (taskId: string) => void;
}) {
  if (onTask) {
    return (
      <Anchor component="button" type="button" size="sm" onClick={() => onTask(taskId)}>
        {name}
      </Anchor>
    );
  }
  return (
    <Anchor component={Link} to={`/tasks/${taskId}`} size="sm">
      {name}
    </Anchor>
  );
}
