import { Divider, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Schemas } from "~/api/client";
import { Problem } from "~/api/problem";
import { ownZone } from "~/parts/due/clocks";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { Blockers } from "./Blockers";
import { Buttons } from "./Buttons";
import { Confirm } from "./Confirm";
import { keepDraft } from "./draft";
import { Effects } from "./Effects";
import type { Entered } from "./hindrance";
import { Notice } from "./Notice";
import { Plan } from "./Plan";
import { Refusal } from "./Refusal";
import type { Done } from "./requests";
import { SecondPerson } from "./SecondPerson";
import { useDecommission } from "./useDecommission";
import { WhenChoice } from "./WhenChoice";

const { decommission: said } = text;

const NOTHING: Entered = { name: "", when: "now", date: "", time: "", timeZone: "" };

interface Of {
  occupier: Schemas["OccupierDetailOut"];
  draft?: Entered;
  onBusy: (isBusy: boolean) => void;
  onClose: () => void;
  onDone: (done: Done, preview: Schemas["PreviewOut"]) => void;
}

/** What it does, what stands in the way, the plan, and what confirms it, from top to bottom. */
export function DecommissionForm({ occupier, draft, onBusy, onClose, onDone }: Of) {
  const [typed, setTyped] = useState<Entered>(draft ?? NOTHING);
  const siteZones = useSiteZones(occupier);
  const entered = { ...typed, timeZone: typed.timeZone || siteZones[0]! };
  const enter = (part: Partial<Entered>) => setTyped((before) => ({ ...before, ...part }));
  const { preview, change, again, press } = useDecommission(occupier.id, (done) => {
    if (done.deed === "approve") again();
    else onDone(done, preview.data!);
  });
  useEffect(() => onBusy(change.isPending), [onBusy, change.isPending]);
  const sites = preview.data?.plan?.sites.length ?? occupier.sites.length;
  return (
    <Stack gap="lg">
      <Notice color="red" icon={IconAlertTriangle} tabIndex={-1} data-autofocus>
        <Text fw={700} dir="auto" className="as-typed">
          {occupier.name}
        </Text>
        <Text size="sm">{sites > 0 ? said.intro(sites) : said.introNoPlan}</Text>
      </Notice>
      {preview.data && <Blockers preview={preview.data} occupier={occupier} onRemoved={again} />}
      <Effects />
      {preview.isPending && <Loading />}
      {preview.isError && !preview.data && (
        <Trouble error={preview.error} onRetry={() => preview.refetch()} />
      )}
      {preview.data && (
        <>
          <Plan preview={preview.data} />
          <Divider />
          <WhenChoice
            entered={entered}
            onEnter={enter}
            siteZones={siteZones}
            error={dueError(change.error)}
          />
          <Confirm preview={preview.data} entered={entered} onEnter={enter} />
          <SecondPerson
            standing={preview.data.second_person}
            given={change.data?.deed === "approve" ? change.data.approval : undefined}
          />
          {change.error && (
            <Refusal error={change.error} onLeave={() => keepDraft(occupier.id, typed)} />
          )}
          <Buttons
            preview={preview.data}
            entered={entered}
            isBusy={change.isPending}
            pressed={change.isPending ? change.variables.deed : undefined}
            onPress={(deed) => press(deed, entered, preview.data)}
            onCancel={onClose}
          />
        </>
      )}
    </Stack>
  );
}

/** The zones of its sites, by the sites' names; the reader's own where none is known. */
function useSiteZones({ sites }: Schemas["OccupierDetailOut"]): string[] {
  const siteOf = useSiteOf();
  const found = sites.flatMap(({ id }) => siteOf(id)?.time_zone ?? []);
  return found.length > 0 ? [...new Set(found)] : [ownZone()];
}

/** What the server said about the moment, for the field that it is about. */
function dueError(error: Error | null): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.fieldErrors.find(({ field }) => field.endsWith("due_at"))?.message;
}
