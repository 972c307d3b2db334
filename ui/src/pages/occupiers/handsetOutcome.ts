import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { count } from "~/text/format";

type Request = Pick<Schemas["HandsetRequestOut"], "login_id" | "ended" | "failure">;

const { telephony } = text.occupiers;

/** What is told of a request about handsets that is over. */
export function outcomeOf({ login_id, ended, failure }: Request) {
  if (failure) {
    const message = telephony.notServed(text.words.failures[failure]);
    return { title: text.changes.failed, message, color: "red", autoClose: false } as const;
  }
  const looked = ended > 0 ? telephony.looked(count(ended)) : telephony.lookedSame;
  return { message: login_id ? telephony.loggedOut : looked, color: "green" } as const;
}
