import { Button, Group, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { CreateCase } from "~/parts/cases/CreateCase";
import { Moment } from "~/parts/Moment";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { DiscardContract } from "./DiscardContract";
import { RefreshHandsets } from "./RefreshHandsets";

const { blockers: said } = text.decommission;

const PRESSED = new Set(["request", "wait_until"]);

type Action = Schemas["ActionOut"];
interface Of {
  blocker: Schemas["BlockerOut"];
  occupier: Schemas["OccupierDetailOut"];
  /** Called after a step that may have removed it. */
  onRemoved: () => void;
}

/** A button for each step that the API names; what is done elsewhere is said in its remedy. */
export function Remedies(of: Of) {
  const steps = of.blocker.actions.filter(({ kind }) => PRESSED.has(kind));
  if (steps.length === 0) return null;
  return (
    <Group gap="xs" mt={4}>
      {steps.map((action, index) => (
        <Remedy key={index} action={action} {...of} />
      ))}
    </Group>
  );
}

function Remedy({ action, blocker, occupier, onRemoved }: Of & { action: Action }) {
  const path = action.path ?? "";
  if (action.kind === "wait_until") return <Clears at={action.until} siteId={blocker.site_id} />;
  if (path.endsWith("/cases")) return <Case action={action} occupier={occupier} />;
  if (path.endsWith("/discard")) {
    return <DiscardContract contractId={blocker.object_id!} onDone={onRemoved} />;
  }
  if (path.endsWith("/decommission/refresh")) {
    return <RefreshHandsets occupierId={occupier.id} />;
  }
  if (path.endsWith("/decommission/preview")) return <Again {...{ blocker, onRemoved }} />;
  if (path.includes("/schedules")) {
    return (
      <Button
        size="xs"
        variant="default"
        component={Link}
        to={`/schedules?occupier_id=${occupier.id}`}
      >
        {text.decommission.scheduled.see}
      </Button>
    );
  }
  if (path.endsWith("/decommission") && occupier.decommission) {
    return (
      <Button
        size="xs"
        variant="default"
        component={Link}
        to={`/decommissions/${occupier.decommission.id}`}
      >
        {text.decommission.see}
      </Button>
    );
  }
  return null;
}

function Clears({ at, siteId }: { at: string | null | undefined; siteId: string | null }) {
  const timeZone = useZoneOf(siteId);
  return (
    <Text size="sm">
      {said.clears}: <Moment at={at} timeZone={timeZone} />
    </Text>
  );
}

function Case({ action, occupier }: { action: Action; occupier: Of["occupier"] }) {
  const serviceId = action.body?.service_id;
  const about = serviceId
    ? ({ kind: "service", occupierId: occupier.id, serviceId } as const)
    : ({ kind: "decommission", occupierId: occupier.id } as const);
  const subject = serviceId ? said.failedService : text.cases.failedDecommission;
  return <CreateCase about={{ ...about, subject }} />;
}

/** Looks again; for handsets the refresh before it asks the telephony system, which is better. */
function Again({ blocker, onRemoved }: Pick<Of, "blocker" | "onRemoved">) {
  if (blocker.rule === "handset_logged_in") return null;
  return (
    <Button size="xs" variant="default" onClick={onRemoved}>
      {said.refresh}
    </Button>
  );
}
