/** What an empty tab says. */
export const empty = {
  contracts: "No contracts",
  services: "No services",
  users: "No users",
  usersHint: "Users are deleted with a decommission.",
  devices: "No Wi-Fi devices",
  charges: "No call charges",
  numbers: "No phone numbers",
  networks: "No networks",
  ips: "No public addresses",
  ports: "No ports",
  gone: "What an occupier held here is gone after its decommission.",
} as const;
