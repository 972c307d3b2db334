import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "./client";

export type Me = Schemas["MeOut"];

/** Who is logged in, and what they may do somewhere at all. */
export function useMe() {
  return useQuery({
    queryKey: ["me"],
    queryFn: () => read(api.GET("/api/v1/me")),
    staleTime: 60_000,
  });
}
