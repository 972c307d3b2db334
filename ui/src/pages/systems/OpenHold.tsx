import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { useMe } from "~/api/me";
import { useWho } from "~/parts/actors/useWho";
import { Facts } from "~/parts/Facts";
import { Moment } from "~/parts/Moment";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { releaseTitle } from "./ReleaseDialog";
import type { Hold } from "./useSystems";

const { systems: labels } = text;

/** One hold that is open: where, since when, by whom, what waits, and what comes next. */
export function OpenHold({ hold, onRelease }: { hold: Hold; onRelease: (hold: Hold) => void }) {
  const me = useMe();
  const who = useWho({ isWithin: true });
  const zone = useZoneOf(hold.site_id);
  const mayRelease = me.data?.allowed_actions.includes("system.hold");
  return (
    <li className="open-hold" data-origin={hold.origin}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div className="given-name">
          <Text fw={600} size="sm">
            <bdi>{hold.site_name ?? labels.everywhere}</bdi>
          </Text>
          <Text size="sm">{reason(hold, who(hold.placed_by))}</Text>
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
      <Facts
        facts={[
          [labels.since, <Moment at={hold.placed_at} timeZone={zone} />],
          [labels.waits, <Waiting hold={hold} />],
          [labels.nextProbe, hold.origin === "breaker" && <NextProbe hold={hold} zone={zone} />],
          [labels.case, hold.case_id && <CaseOf caseId={hold.case_id} />],
        ]}
      />
    </li>
  );
}

function Waiting({ hold }: { hold: Hold }) {
  return (
    <>
      {count(hold.tasks_waiting)}{" "}
      {hold.tasks_waiting > 0 && (
        <Anchor size="sm" component={Link} to={waitingAt(hold)}>
          {labels.showWaiting}
        </Anchor>
      )}
    </>
  );
}

function NextProbe({ hold, zone }: { hold: Hold; zone: string | undefined }) {
  return (
    <>
      {hold.breaker === "half_open" ? (
        labels.probing
      ) : (
        <Moment at={hold.probe_at} timeZone={zone} />
      )}{" "}
      {hold.probes > 0 && labels.probes(hold.probes)}
    </>
  );
}

function CaseOf({ caseId }: { caseId: string }) {
  return (
    <Anchor size="sm" component={Link} to={`/cases/${caseId}`}>
      {labels.history.show}
    </Anchor>
  );
}

function reason(hold: Hold, who: string): string {
  if (hold.origin === "by_hand") return labels.byPerson(who);
  if (hold.failure === null) return labels.byBreaker;
  return `${labels.byBreaker}. ${labels.because(text.words.failures[hold.failure])}`;
}

function waitingAt(hold: Hold): string {
  const asked = new URLSearchParams({ held: "true", created: "all" });
  if (hold.site_id) asked.set("site_id", hold.site_id);
  return `/tasks?${asked}`;
}
