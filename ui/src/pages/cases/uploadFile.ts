import { OFFLINE, Problem, problemOf } from "~/api/problem";
import { csrfToken } from "~/api/session";
import type { Schemas } from "~/api/client";

export const LARGEST = 20 * 1024 * 1024; // bytes
export const KINDS = ".pdf,.png,.jpg,.jpeg,.gif,.webp,.txt,.log,.csv,.json";

/** The name as the API reads it (RFC 6266), in ASCII whatever letters it has. */
export function disposition(name: string): string {
  const escaped = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${escaped}`;
}

interface Upload {
  caseId: string;
  file: File;
  key: string;
  signal: AbortSignal;
  /** From 0 to 1; 1 once all is sent and the server looks at it. */
  onSent: (part: number) => void;
}

/** Sends a file as it is; `fetch` could not tell how much of it is on its way. */
export async function uploadFile({ caseId, file, key, signal, onSent }: Upload) {
  const csrf = await csrfToken();
  return new Promise<Schemas["AttachmentOut"]>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/cases/${caseId}/attachments`);
    request.responseType = "json";
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Content-Disposition", disposition(file.name));
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status === 201
        ? resolve(request.response)
        : reject(problemOf(request.status, request.response));
    const lost = () => reject(new Problem(0, OFFLINE, "", undefined));
    request.onerror = lost;
    request.ontimeout = lost;
    request.onabort = () => reject(new Stopped());
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Whoever sent the file stopped it. */
export class Stopped extends Error {}
