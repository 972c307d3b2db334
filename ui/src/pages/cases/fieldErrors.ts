import { Problem } from "~/api/problem";

/** What the API says about each field of the body, by its name; `""` holds what no field takes. */
export function fieldErrors(error: Error | null, fields: readonly string[]) {
  if (error === null) return {};
  const found: Record<string, string> = {};
  for (const { field, message } of told(error)) {
    const name = field.replace(/^body\./, "");
    const taken = fields.includes(name) ? name : "";
    found[taken] ??= taken ? message : `${name}: ${message}`;
  }
  return Object.keys(found).length > 0 ? found : { "": error.message };
}

function told(error: Error): { field: string; message: string }[] {
  const errors = error instanceof Problem ? error.body.errors : undefined;
  return Array.isArray(errors) ? errors : [];
}
