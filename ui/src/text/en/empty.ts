/** What an empty tab says. */
export const empty = {
  contracts: "No contracts",
  services: "No services",
  users: "No users",
  devices: "No Wi-Fi devices",
  charges: "No call charges",
  numbers: "No phone numbers",
  networks: "No networks",
  ips: "No public addresses",
  ports: "No ports",
  notShown: "What is personal is not shown to the vendor's staff.",
} as const;
