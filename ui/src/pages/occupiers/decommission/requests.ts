import { api, read, type Schemas } from "~/api/client";
import type { Deed } from "./hindrance";

type Preview = Schemas["PreviewOut"];

/** One confirmed wish, with everything that it was decided on. */
export interface Wanted {
  deed: Deed;
  occupierId: string;
  version: number;
  confirmation: Schemas["DecommissionIn"];
  due?: Schemas["DueIn"];
}

export type Done =
  | { deed: "decommission"; accepted: Schemas["AcceptedOut"] }
  | { deed: "schedule"; schedule: Schemas["ScheduleOut"] }
  | { deed: "approve"; approval: Schemas["ApprovalOut"] };

const PATIENCE_MS = 30_000; // then it counts as unanswered; the key makes another try safe
const MOST_LINES = 5_000; // that the API takes; the hash alone is enough for it to refuse

export function previewKey(occupierId: string) {
  return ["previews", occupierId] as const;
}

export function readPreview(occupierId: string): Promise<Preview> {
  const path = { occupier_id: occupierId };
  return read(
    api.GET("/api/v1/occupiers/{occupier_id}/decommission/preview", { params: { path } }),
  );
}

/** The name as typed and the plan as seen, so that the server compares both once more. */
export function confirmationOf(name: string, preview: Preview): Schemas["DecommissionIn"] {
  const { plan } = preview;
  const lines = plan && plan.lines.length <= MOST_LINES ? plan.lines : undefined;
  return { name, acknowledgement: true, plan_hash: plan?.hash, plan_lines: lines };
}

export async function send(wanted: Wanted, key: string): Promise<Done> {
  const path = { occupier_id: wanted.occupierId };
  const header = { "idempotency-key": key };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  switch (wanted.deed) {
    case "decommission": {
      const versioned = { ...header, "if-match": `"${wanted.version}"` };
      const accepted = await read(
        api.POST("/api/v1/occupiers/{occupier_id}/decommission", {
          params: { path, header: versioned },
          body: wanted.confirmation,
          signal,
        }),
      );
      return { deed: wanted.deed, accepted };
    }
    case "schedule": {
      const schedule = await read(
        api.POST("/api/v1/occupiers/{occupier_id}/decommission/schedule", {
          params: { path, header },
          body: { ...wanted.confirmation, ...wanted.due! },
          signal,
        }),
      );
      return { deed: wanted.deed, schedule };
    }
    case "approve": {
      const approval = await read(
        api.POST("/api/v1/occupiers/{occupier_id}/decommission/approval", {
          params: { path, header },
          body: wanted.confirmation,
          signal,
        }),
      );
      return { deed: wanted.deed, approval };
    }
  }
}
