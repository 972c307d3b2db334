import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { Schemas } from "~/api/client";
import { isUnanswered, useChange } from "~/api/useChange";
import { dueInstant, type Deed, type Entered } from "./hindrance";
import { confirmationOf, previewKey, readPreview, send, type Done, type Wanted } from "./requests";

type Preview = Schemas["PreviewOut"];

const WATCH_MS = 5_000; // while somebody waits for an update to end, or for an approval

/** The preview as it is now, and the one press that acts on exactly what it showed. */
export function useDecommission(occupierId: string, onDone: (done: Done, wanted: Wanted) => void) {
  const queries = useQueryClient();
  const sending = useRef(false);
  const change = useChange<Wanted, Done>({
    send,
    // Not the preview: after no answer a repeat must be what was sent, to have its old key.
    refreshes: [["occupier", occupierId], ["occupiers"], ["decommissions"], ["schedules"]],
    isQuiet: true,
    onDone,
  });
  const isLost = isUnanswered(change.error);
  const preview = useQuery({
    queryKey: previewKey(occupierId),
    queryFn: () => readPreview(occupierId),
    enabled: !isLost && !change.isPending,
    staleTime: 0, // every opening looks anew
    gcTime: 0,
    refetchInterval: ({ state }) => (isWaiting(state.data) ? WATCH_MS : false),
  });
  const again = () => void queries.invalidateQueries({ queryKey: previewKey(occupierId) });
  const press = (deed: Deed, entered: Entered, seen: Preview) => {
    if (sending.current) return; // the second half of a double click
    sending.current = true;
    const wanted = wantedOf(deed, entered, seen);
    const before = isLost && change.variables && isSame(change.variables, wanted);
    change.mutate(before ? change.variables! : wanted, {
      onError: (error) => {
        if (!isUnanswered(error)) again();
      },
      onSettled: () => {
        sending.current = false;
      },
    });
  };
  return { preview, change, again, press };
}

function wantedOf(deed: Deed, entered: Entered, preview: Preview): Wanted {
  const offset = entered.offset ?? "";
  const local = `${entered.date}T${entered.time}${offset}`;
  return {
    deed,
    occupierId: preview.occupier_id,
    version: preview.version,
    confirmation: confirmationOf(entered.name, preview),
    due:
      deed === "schedule" && dueInstant(entered, new Date())
        ? { due_at: local, time_zone: entered.timeZone }
        : undefined,
  };
}

function isSame(one: Wanted, other: Wanted): boolean {
  return one.deed === other.deed && JSON.stringify(one.due) === JSON.stringify(other.due);
}

function isWaiting(preview: Preview | undefined): boolean {
  if (!preview) return false;
  const { required, approved_until } = preview.second_person;
  const waits = preview.blockers.some(({ actions }) => actions.some(({ kind }) => kind === "wait"));
  return waits || (required && approved_until === null);
}
