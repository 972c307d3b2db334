import type { Schemas } from "~/api/client";

/** Whom records name: by kind or role and the beginning of an id, as they hold no names. */
export const actors = {
  you: "You",
  youWithin: "you",
  system: "The platform",
  teamMember: (id: string) => `Team member ${id}`,
  staffMember: (id: string) => `Vendor staff ${id}`,
  roles: {
    vendor_support: "Support",
    sre: "SRE",
    auditor: "Auditor",
    service: "A program",
  } as const satisfies Record<Schemas["StaffRole"], string>,
} as const;
