/** What pages say while they load, when they cannot, and when there is nothing. */
export const state = {
  loading: "Loading",
  failed: "This could not be loaded",
  retry: "Try again",
  offline: "No connection",
  offlineHint: "The server does not answer. What you see may be old; this page tries again.",
  requestId: (id: string) => `Name this to support: ${id}`,
  notFound: "There is nothing here",
  notFoundHint:
    "It does not exist, or you may not see it: operators see their own sites, support what has an open case.",
  more: "Show more",
} as const;
