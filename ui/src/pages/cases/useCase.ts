import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";

export type Case = Schemas["CaseDetailOut"];

/** A case with everything in it, read again while it is looked at. */
export function useCase(caseId: string) {
  return useQuery({
    queryKey: ["case", caseId],
    queryFn: () =>
      read(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: caseId } } })),
    refetchInterval: 5_000,
  });
}

/** What shows a case, and is read again after a change of it. */
export const shownWith = (caseId: string) => [["case", caseId], ["cases"]];
