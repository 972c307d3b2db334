import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** A refusal is an answer; only a lost connection or a server in trouble is asked again. */
function isWorthRetrying(count: number, error: Error): boolean {
  const status = error instanceof Problem ? error.status : 0;
  return (status === 0 || status >= 500) && count < 3;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: isWorthRetrying,
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
      staleTime: 5_000,
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
