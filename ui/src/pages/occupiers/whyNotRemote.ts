import type { Schemas } from "~/api/client";
import { text } from "~/text/en";

type Login = Pick<Schemas["HandsetLoginOut"], "is_remote" | "device_class">;

const { telephony: said } = text.occupiers;

/** Why a handset cannot be logged out from here; `undefined` when it can. */
export function whyNotRemote(
  login: Login,
  status: Schemas["OccupierStatus"],
  allowed: readonly Schemas["Action"][],
): string | undefined {
  if (status !== "active" && status !== "scheduled") return said.locked;
  if (login.device_class === "softphone") return said.softphone;
  if (!login.is_remote) return said.notDigital;
  return allowed.includes("handset.log_out") ? undefined : said.notAdmin;
}
