import type { Schemas } from "./client";

type FieldError = Schemas["FieldErrorOut"];

/** A refusal or failure as the API tells it (RFC 9457), or one of the way to it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly detail: string,
    readonly requestId: string | undefined,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  /** What is wrong with which field of what was sent. */
  get fieldErrors(): FieldError[] {
    const { errors } = this.body;
    return Array.isArray(errors) ? errors : [];
  }

  /** Nobody is logged in, or not any more, or not lately enough. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** What stands for a reply that never came. */
export const OFFLINE = "offline";

export function problemOf(status: number, body: unknown): Problem {
  const told = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof told[name] === "string" ? told[name] : undefined);
  return new Problem(
    status,
    text("type") ?? "about:blank",
    text("detail") ?? text("title") ?? `The server answered with status ${status}.`,
    text("request_id"),
    told,
  );
}
