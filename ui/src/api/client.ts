import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";
import { connection } from "./connection";
import { OFFLINE, Problem, problemOf } from "./problem";
import { csrfToken } from "./session";

export type Schemas = components["schemas"];

const SAFE = new Set(["GET", "HEAD"]);

/** Sends the CSRF token with every change, and a key under which a repeat does nothing. */
const changes: Middleware = {
  async onRequest({ request }) {
    if (SAFE.has(request.method)) return request;
    request.headers.set("X-CSRF-Token", await csrfToken());
    if (!request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    return request;
  },
};

/** Turns what is not a success into a `Problem`, so that nobody has to look at statuses. */
const problems: Middleware = {
  async onResponse({ response }) {
    connection.answered();
    if (response.ok) return response;
    throw problemOf(response.status, await response.json().catch(() => undefined));
  },
  onError({ error }) {
    if (error instanceof Problem) return error;
    connection.lost();
    return new Problem(0, OFFLINE, "", undefined);
  },
};

export const api = createClient<paths>({ baseUrl: "/" });
api.use(changes, problems);

/** The body of a reply; refusals were thrown before. */
export async function read<T>(reply: Promise<{ data?: T }>): Promise<T> {
  return (await reply).data as T;
}
