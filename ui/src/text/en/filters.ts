/** The box that finds one occupier, on pages that filter by it. */
export const filters = {
  occupier: "Occupier",
  anyOccupier: "All occupiers",
  findOccupierById: "Pick one from the list, or paste an id",
  noOccupier: "No such occupier",
} as const;
