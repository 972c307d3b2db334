import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { fileSize } from "~/text/format";

type EvidenceFile = Schemas["EvidenceFileIn"];

export const MEDIA_TYPES: readonly EvidenceFile["media_type"][] = [
  "application/pdf",
  "image/jpeg",
  "image/png",
  "text/plain",
];

/** In bytes: what fits, in Base64 and with the longest text beside it, into a body of 1 MB. */
export const LARGEST_FILE = 700_000;

/** Why the API would not take the file; nothing if it would. */
export function fileFault(file: Pick<File, "type" | "size">): string | undefined {
  if (!isTaken(file.type)) return text.decisions.fileKind;
  if (file.size === 0) return text.decisions.fileEmpty;
  if (file.size > LARGEST_FILE) return text.decisions.fileTooLarge(fileSize(LARGEST_FILE));
  return undefined;
}

/** A name that the API takes: plain letters, and its end kept, as that says what it is. */
export function plainName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9 ._-]+/g, "_");
  return plain.slice(-100) || "evidence";
}

export async function evidenceFile(file: File): Promise<EvidenceFile> {
  const media_type = file.type;
  if (!isTaken(media_type)) throw new Error(text.decisions.fileKind);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: plainName(file.name), media_type, content: base64(bytes) };
}

export function base64(bytes: Uint8Array): string {
  let binary = "";
  const most = 0x8000; // arguments that every browser can pass on at once
  for (let at = 0; at < bytes.length; at += most) {
    binary += String.fromCharCode(...bytes.subarray(at, at + most));
  }
  return btoa(binary);
}

function isTaken(type: string): type is EvidenceFile["media_type"] {
  return (MEDIA_TYPES as readonly string[]).includes(type);
}
