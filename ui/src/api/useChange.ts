import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useRef } from "react";
import { text } from "~/text/en";
import { Problem } from "./problem";

interface Wanted<In, Out> {
  /** Sends it under the key; a repeat under the same key does nothing more. */
  send: (input: In, key: string) => Promise<Out>;
  /** What is read again afterwards, also after a refusal: the page was then out of date. */
  refreshes: QueryKey[];
  /** Said once it is done. */
  done?: string;
  onDone?: (result: Out, input: In) => void;
  /** Where the dialog shows the problem itself. */
  isQuiet?: boolean;
}

/** One change: sent once per press, and under its old key when no answer came. */
export function useChange<In, Out>({ send, refreshes, done, onDone, isQuiet }: Wanted<In, Out>) {
  const queries = useQueryClient();
  const unanswered = useRef<{ key: string; input: string } | undefined>(undefined);
  return useMutation({
    mutationFn: (input: In) => {
      const told = JSON.stringify(input) ?? "";
      if (unanswered.current?.input !== told) {
        unanswered.current = { key: crypto.randomUUID(), input: told };
      }
      return send(input, unanswered.current.key);
    },
    onSuccess: (result, input) => {
      unanswered.current = undefined;
      if (done) notifications.show({ message: done, color: "green" });
      onDone?.(result, input);
    },
    onError: (error) => {
      if (!isUnanswered(error)) unanswered.current = undefined;
      if (!isQuiet) {
        const message = isUnanswered(error) ? text.changes.lost : error.message;
        notifications.show({ title: text.changes.failed, message, color: "red", autoClose: false });
      }
    },
    onSettled: () =>
      Promise.all(refreshes.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

/** Whether nobody knows if the server did it: no answer, or a broken one. */
export function isUnanswered(error: Error | null): boolean {
  if (!error) return false;
  return !(error instanceof Problem) || error.status === 0 || error.status >= 500;
}
