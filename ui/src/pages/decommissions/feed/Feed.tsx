import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useMe } from "~/api/me";
import type { Schemas } from "~/api/client";
import { Problem } from "~/api/problem";
import { More } from "~/parts/More";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { fromTasks } from "./fromTasks";
import { FeedItem } from "./FeedItem";
import { namesOf, toldEvent } from "./told";
import { useEvents } from "./useEvents";

type Decommission = Pick<
  Schemas["DecommissionDetailOut"],
  "occupier_id" | "requested_at" | "state" | "sites" | "occupier_tasks"
>;

interface Shown {
  decommission: Decommission;
  onTask?: (taskId: string) => void;
}

/** What happened in a decommission, newest first, as far as this person may know. */
export function Feed(shown: Shown) {
  const me = useMe();
  if (me.isPending) return <Loading />;
  const mayRead = me.data?.allowed_actions.includes("audit.read") ?? false;
  return mayRead ? <FromAudit {...shown} /> : <FromTasks {...shown} />;
}

function FromAudit({ decommission, onTask }: Shown) {
  const { occupier_id, requested_at, state } = decommission;
  const events = useEvents(occupier_id, requested_at, state === "pending");
  if (events.isPending) return <Loading />;
  if (events.isError) {
    const isDenied = events.error instanceof Problem && events.error.status === 403;
    if (isDenied) return <FromTasks decommission={decommission} onTask={onTask} />;
    return <Trouble error={events.error} onRetry={() => events.refetch()} />;
  }
  const names = namesOf(decommission);
  const found = events.data.pages.flatMap((page) => page.items);
  return (
    <Events isEmpty={found.length === 0}>
      {found.map((event) => (
        <FeedItem
          key={event.id}
          at={event.at}
          actor={event.actor}
          told={toldEvent(event, names)}
          taskId={event.entity_kind === "task" ? event.entity_id : undefined}
          onTask={onTask}
        />
      ))}
      <More pages={events} component="li" />
    </Events>
  );
}

function FromTasks({ decommission, onTask }: Shown) {
  const { sites, occupier_tasks: own } = decommission;
  const found = fromTasks([...(own ?? []), ...sites.flatMap((site) => site.tasks ?? [])]);
  return (
    <Stack gap="sm">
      <Text size="sm">{text.feed.fromTasks}</Text>
      <Events isEmpty={found.length === 0}>
        {found.map((each) => (
          <FeedItem
            key={each.id}
            at={each.at}
            told={{ what: each.what, about: undefined, detail: undefined }}
            taskId={each.taskId}
            onTask={onTask}
          />
        ))}
      </Events>
    </Stack>
  );
}

function Events({ isEmpty, children }: { isEmpty: boolean; children: ReactNode }) {
  if (isEmpty) return <Empty title={text.feed.none} />;
  return (
    <ol className="feed" aria-label={text.feed.label}>
      {children}
    </ol>
  );
}
