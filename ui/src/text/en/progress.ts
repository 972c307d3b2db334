export const progress = {
  title: "Decommissions",
} as const;
