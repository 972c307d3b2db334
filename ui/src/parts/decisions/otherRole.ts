import type { Schemas } from "~/api/client";

type Role = Schemas["StaffRole"];

/** The role that answers beside the first one. */
export function otherRole(role: Role): Role {
  return role === "sre" ? "vendor_support" : "sre";
}
