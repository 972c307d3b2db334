import { Anchor, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { useMe } from "~/api/me";
import { useSites } from "~/api/sites";
import { actorName } from "~/parts/actors/actorName";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { releaseTitle } from "./ReleaseDialog";
import type { Hold } from "./useSystems";

const { systems: labels } = text;

/** One hold that is open: where, since when, by whom, what waits, and what comes next. */
export function OpenHold({ hold, onRelease }: { hold: Hold; onRelease: (hold: Hold) => void }) {
  const me = useMe();
  const sites = useSites();
  const zone = sites.data?.find((site) => site.id === hold.site_id)?.time_zone;
  const mayRelease = me.data?.allowed_actions.includes("system.hold");
  return (
    <li className="open-hold" data-origin={hold.origin}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div className="given-name">
          <Text fw={600} size="sm">
            <bdi>{hold.site_name ?? labels.everywhere}</bdi>
          </Text>
          <Text size="sm">{reason(hold, me.data?.actor)}</Text>
        </div>
        {mayRelease && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={releaseTitle(hold)}
            onClick={() => onRelease(hold)}
            style={{ flexShrink: 0 }}
          >
            {labels.release}
          </Button>
        )}
      </Group>
      <dl className="hold-facts">
        <Fact name={labels.since}>
          <Moment at={hold.placed_at} timeZone={zone} />
        </Fact>
        <Fact name={labels.waits}>
          {count(hold.tasks_waiting)}{" "}
          {hold.tasks_waiting > 0 && (
            <Anchor size="sm" component={Link} to={waitingAt(hold)}>
              {labels.showWaiting}
            </Anchor>
          )}
        </Fact>
        {hold.origin === "breaker" && (
          <Fact name={labels.nextProbe}>
            {hold.breaker === "half_open" ? (
              labels.probing
            ) : (
              <Moment at={hold.probe_at} timeZone={zone} />
            )}{" "}
            {hold.probes > 0 && labels.probes(hold.probes)}
          </Fact>
        )}
        {hold.case_id && (
          <Fact name={labels.case}>
            <Anchor size="sm" component={Link} to={`/cases/${hold.case_id}`}>
              {labels.history.show}
            </Anchor>
          </Fact>
        )}
      </dl>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function reason(hold: Hold, me: string | undefined): string {
  if (hold.origin === "by_hand") return labels.byPerson(actorName(hold.placed_by, me));
  if (hold.failure === null) return labels.byBreaker;
  return `${labels.byBreaker}. ${labels.because(text.words.failures[hold.failure])}`;
}

function waitingAt(hold: Hold): string {
  const asked = new URLSearchParams({ held: "true", created: "all" });
  if (hold.site_id) asked.set("site_id", hold.site_id);
  return `/tasks?${asked}`;
}
