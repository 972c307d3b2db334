/** Whether the server can be reached, as the last request found it. */
export interface Connection {
  isLost: () => boolean;
  /** A request was answered, be it by a refusal. */
  answered: () => void;
  /** A request got no answer, or the browser says that it is offline. */
  lost: () => void;
  subscribe: (listener: () => void) => () => void;
}

export function createConnection(): Connection {
  const listeners = new Set<() => void>();
  let isLost = false;
  const become = (next: boolean) => {
    if (next === isLost) return;
    isLost = next;
    for (const listener of listeners) listener();
  };
  return {
    isLost: () => isLost,
    answered: () => become(false),
    lost: () => become(true),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Of this page; `api/client.ts` feeds it. */
export const connection = createConnection();
