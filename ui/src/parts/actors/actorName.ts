import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { words } from "~/text/format";

const { actors } = text;

interface Reader {
  /** Who reads, once that is known. */
  me: string | undefined;
  /** Whether the name stands within a sentence: `by you`. */
  isWithin?: boolean;
}

/** Whom the records name, `team_member:<id>`: `You`, their role if it is told, or a short id. */
export function actorName(
  actor: string,
  { me, isWithin }: Reader,
  role?: Schemas["StaffRole"],
): string {
  if (actor === me) return isWithin ? actors.youWithin : actors.you;
  const [kind, id] = actor.split(":");
  const short = id?.slice(0, 8);
  if (kind === "system") return actors.system;
  if (!short) return words(actor);
  if (role) return `${actors.roles[role]} ${short}`;
  if (kind === "team_member") return actors.teamMember(short);
  if (kind === "staff_member") return actors.staffMember(short);
  return words(actor);
}
