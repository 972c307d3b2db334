import { Problem } from "~/api/problem";

/** What the API says about each field of the body, by its name; `""` holds what no field takes. */
export function fieldErrors(error: Error | null, fields: readonly string[]) {
  if (error === null) return {};
  const found: Record<string, string> = {};
  for (const { field, message } of error instanceof Problem ? error.fieldErrors : []) {
    const name = field.replace(/^body\./, "");
    const taken = fields.includes(name) ? name : "";
    found[taken] ??= taken ? message : `${name}: ${message}`;
  }
  return Object.keys(found).length > 0 ? found : { "": error.message };
}
