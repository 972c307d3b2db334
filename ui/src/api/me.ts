import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "./client";

export type Me = Schemas["MeOut"];

/** The first request of every page; `index.html` has the browser send it while scripts load. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: () => read(api.GET("/api/v1/me")),
  staleTime: 60_000,
});

/** Who is logged in, and what they may do somewhere at all. */
export const useMe = () => useQuery(me);
