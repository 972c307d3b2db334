/** Support cases. */
export const cases = {
  title: "Support",
  create: "Create support case",
  newCase: "New support case",
  subject: "Subject",
  prefilled:
    "What is known about it is written into the case. You can comment and attach files there.",
  failedDecommission: "Failed decommission",
} as const;
