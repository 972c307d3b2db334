export const systems = {
  title: "Systems",
} as const;
