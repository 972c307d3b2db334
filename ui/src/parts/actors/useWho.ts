import { useMe } from "~/api/me";
import type { Schemas } from "~/api/client";
import { actorName } from "./actorName";

/** Names the actors of records, for a place of their own or for within a sentence. */
export function useWho({ isWithin = false } = {}) {
  const me = useMe().data?.actor;
  return (actor: string, role?: Schemas["StaffRole"]) => actorName(actor, { me, isWithin }, role);
}
