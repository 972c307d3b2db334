import { text } from "~/text/en";
import { words } from "~/text/format";

const { actors } = text.audit;

/** Whom the records name: `team_member:<id>` is `You` or a short id; they hold no names. */
export function actorName(actor: string, me: string | undefined): string {
  if (actor === me) return actors.you;
  const [kind, id] = actor.split(":");
  const short = id?.slice(0, 8);
  if (kind === "system") return actors.system;
  if (kind === "team_member" && short) return actors.teamMember(short);
  if (kind === "staff_member" && short) return actors.staffMember(short);
  return words(actor);
}
