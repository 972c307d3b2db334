import { Button, Group } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { CreateCase } from "~/parts/cases/CreateCase";
import { text } from "~/text/en";
import { Confirmation, type Outcome } from "./Confirmation";
import { DecommissionDialog } from "./DecommissionDialog";
import { dropDraft, readDraft } from "./draft";
import { Scheduled } from "./Scheduled";

type Occupier = Schemas["OccupierDetailOut"];

/** What stands at the top right of Occupier config: what may be done as things are (DD-01). */
export function DecommissionActions({ occupier }: { occupier: Occupier }) {
  return <Actions key={occupier.id} occupier={occupier} />;
}

function Actions({ occupier }: { occupier: Occupier }) {
  const { id, status, allowed_actions: allowed } = occupier;
  const [draft] = useState(() => readDraft(id));
  const [isOpen, setOpen] = useState(draft !== undefined);
  const place = useRef<HTMLDivElement>(null); // of the focus, as the button that was pressed goes
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => dropDraft(id), [id]);
  // The dialog stays while it is open, whatever the status becomes: an answer may be on its way.
  return (
    <Group ref={place} tabIndex={-1} gap="sm" justify="flex-end">
      {status === "scheduled" && <Scheduled occupierId={id} />}
      {status === "failed" && allowed.includes("decommission.raise_case") && (
        <CreateCase
          about={{
            kind: "decommission",
            occupierId: id,
            subject: text.cases.failedDecommission,
          }}
        />
      )}
      {occupier.decommission && (
        <Button
          size="xs"
          variant="default"
          component={Link}
          to={`/decommissions/${occupier.decommission.id}`}
        >
          {text.decommission.see}
        </Button>
      )}
      {allowed.includes("decommission.start") && (
        <Button size="xs" color="red" variant="outline" onClick={() => setOpen(true)}>
          {text.decommission.open}
        </Button>
      )}
      <DecommissionDialog
        occupier={occupier}
        isOpen={isOpen}
        draft={draft}
        onClose={() => setOpen(false)}
        onDone={(done, preview) => {
          setOpen(false);
          setOutcome({ done, preview });
        }}
      />
      <Confirmation
        outcome={outcome}
        onClose={() => setOutcome(undefined)}
        onClosed={() => place.current?.focus()}
      />
    </Group>
  );
}
