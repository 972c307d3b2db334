/** The browser's session: whether it is open, and the token that changes carry. */
interface Session {
  is_open: boolean;
  csrf_token: string | null;
}

let current: Promise<Session> | undefined;

function readSession(): Promise<Session> {
  current ??= fetch("/session").then(async (reply) => {
    if (!reply.ok) throw new Error(`status ${reply.status}`);
    return (await reply.json()) as Session;
  });
  current.catch(() => {
    current = undefined; // asked again next time
  });
  return current;
}

export async function csrfToken(): Promise<string> {
  return (await readSession()).csrf_token ?? "";
}

/** Leave for the issuer's login and come back here; `isFresh` asks for the password again. */
export function signIn({ isFresh = false } = {}): void {
  const next = window.location.pathname + window.location.search;
  const asked = new URLSearchParams({ next, ...(isFresh ? { fresh: "true" } : {}) });
  window.location.assign(`/session/login?${asked}`);
}

export async function signOut(): Promise<void> {
  await fetch("/session/logout", {
    method: "POST",
    headers: { "X-CSRF-Token": await csrfToken() },
  });
  window.location.assign("/");
}
