/** Where one can go. */
export const navigation = {
  label: "Main",
  menu: "Navigation",
  occupiers: "Occupiers",
  decommissions: "Decommissions",
  operations: "Operations",
  tasks: "Tasks",
  support: "Support",
  systems: "Systems",
  schedule: "Schedule",
  audit: "Audit",
} as const;
