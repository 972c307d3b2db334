import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";

export type System = Schemas["SystemOut"];
export type Hold = Schemas["HoldOut"];
export type Activity = Schemas["ActivityOut"];
export type Window = Schemas["Window"];

export function useSystems() {
  return useQuery({
    queryKey: ["systems"],
    refetchInterval: 5_000,
    queryFn: () => read(api.GET("/api/v1/systems")),
  });
}

/** What ended with each system, minute by minute or by quarters of an hour. */
export function useActivity(window: Window) {
  return useQuery({
    queryKey: ["systems", "activity", window],
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
    queryFn: () => read(api.GET("/api/v1/systems/activity", { params: { query: { window } } })),
  });
}
