export const decommission = {} as const;
