import { useMe } from "~/api/me";
import type { Schemas } from "~/api/client";
import { actorName } from "~/parts/actors/actorName";
import { text } from "~/text/en";

type Role = Schemas["StaffRole"];

/** Who did something, as records name them: by role and the beginning of an id, never by name. */
export function who(actor: string, me: string | undefined, role?: Role): string {
  if (actor === me) return text.decisions.you;
  const id = actor.split(":")[1]?.slice(0, 8);
  return role && id ? `${text.decisions.roles[role]} ${id}` : actorName(actor, me);
}

export function useWho(): (actor: string, role?: Role) => string {
  const me = useMe().data?.actor;
  return (actor, role) => who(actor, me, role);
}

/** The role that answers beside the first one. */
export function otherRole(role: Role): Role {
  return role === "sre" ? "vendor_support" : "sre";
}
