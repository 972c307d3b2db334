import { api, type Schemas } from "~/api/client";
import type { About } from "./CreateCase";

interface Raised {
  found: Schemas["CaseOut"];
  /** False for one that was open about it already. */
  isNew: boolean;
}

/** The case about this, a new one or the one that is open. */
export async function raiseCase(about: About, key: string): Promise<Raised> {
  const { data, response } = await send(about, key);
  return { found: data as Schemas["CaseOut"], isNew: response.status === 201 };
}

function send(about: About, key: string) {
  const header = { "idempotency-key": key };
  if (about.kind === "task") {
    const path = { task_id: about.taskId };
    return api.POST("/api/v1/tasks/{task_id}/cases", { params: { path, header } });
  }
  return api.POST("/api/v1/occupiers/{occupier_id}/cases", {
    params: { path: { occupier_id: about.occupierId }, header },
    body: about.kind === "service" ? { service_id: about.serviceId } : {},
  });
}
