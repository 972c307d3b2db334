import type { Schemas } from "~/api/client";

/** The button, the dialog and the confirmation of a decommission; labels as the field has them. */
export const decommission = {
  open: "Decommission occupier",
  see: "See the decommission",
  title: "Decommission occupier",
  close: "Close",
  intro: (sites: number) =>
    `This ends everything that the occupier has at ${sites === 1 ? "its site" : `all of its ${sites} sites`}. ` +
    "Nobody can stop it or take it back once it has begun. Read what follows before you go on.",
  introNoPlan: "This ends everything that the occupier has at all of its sites.",

  scheduled: {
    due: "Starts",
    blocked: "It came due and could not start",
    see: "See the schedule",
  },

  effects: {
    title: "What decommissioning does",
    area: "Area",
    ends: "What ends",
    stays: "What stays readable",
    rows: [
      {
        area: "Contracts",
        ends: "Active contracts and their leases end, and the spaces become free. Upcoming contracts are discarded.",
        stays: "Contracts and leases",
      },
      {
        area: "Services",
        ends: "Active services are deprovisioned and set to inactive, and their billing stops. Scheduled services and changes of quantity are deleted.",
        stays: "Services, without an end date",
      },
      {
        area: "Users",
        ends: "All users are deleted, with their Wi-Fi accounts, user accounts, phone numbers and door access. They cannot use Wi-Fi Secure, the user portal or the app any more, at any site.",
        stays: "Nothing",
      },
      {
        area: "Wi-Fi devices",
        ends: "Shared devices such as printers are deleted and cannot join the Wi-Fi any more.",
        stays: "Nothing",
      },
      {
        area: "Telephony",
        ends: "Digital handsets are logged out. Every number, the main number too, is deactivated and deallocated. After a cool-down it becomes available to other occupiers of the same site.",
        stays: "Nothing",
      },
      {
        area: "Call charges",
        ends: "No new ones are made.",
        stays: "Past months, and past reports",
      },
      {
        area: "Network info",
        ends: "Ports are deallocated; DHCP, subnets, VLANs and public addresses are deprovisioned.",
        stays: "Nothing",
      },
      {
        area: "Occupier config",
        ends: "It cannot be edited from the start of the decommission on.",
        stays: "Basic details",
      },
    ],
  },

  plan: {
    title: "What goes",
    total: (resources: string, sites: string) => `${resources} in outside systems, at ${sites}`,
    resources: (shown: string, many: boolean) => `${shown} ${many ? "resources" : "resource"}`,
    sites: (shown: string, many: boolean) => `${shown} ${many ? "sites" : "site"}`,
    kind: "Kind",
    bySite: "By site",
    site: "Site",
    all: "All sites",
    more: (shown: string) => `Show all ${shown} sites`,
    nothing: "It holds nothing that would have to go; only its status changes.",
    unknown: "The plan is shown to those who are admins at all of its sites.",
    kept: "What stays readable for good",
    duration: "Expected duration",
    about: (shown: string) => `About ${shown}.`,
    kinds: {
      contracts_ended: "Contracts ended",
      contracts_discarded: "Contracts discarded",
      leases_ended: "Leases ended",
      services_stopped: "Services stopped",
      scheduled_services_deleted: "Scheduled services deleted",
      scheduled_changes_deleted: "Scheduled changes deleted",
      users_deleted: "Users deleted",
      handset_login: "Handset logins",
      phone_number: "Phone numbers",
      switch_port: "Ports",
      wifi_account: "Wi-Fi accounts",
      wifi_device: "Wi-Fi devices",
      user_account: "User accounts",
      public_ip: "Public addresses",
      dhcp_scope: "DHCP scopes",
      subnet: "Subnets",
      vlan: "VLANs",
      recurring_charge: "Recurring charges",
    } satisfies Record<Schemas["ResourceKind"], string> & Record<string, string>,
    columns: {
      contracts_ended: "Contracts",
      contracts_discarded: "Upcoming contracts",
      leases_ended: "Leases",
      services_stopped: "Services",
      scheduled_services_deleted: "Scheduled services",
      scheduled_changes_deleted: "Scheduled changes",
      users_deleted: "Users",
      public_ip: "Public addr.",
    },
    keptKinds: {
      contracts: "Contracts",
      leases: "Leases",
      call_charges: "Call charges",
      billing_reports: "Billing reports",
      external_identifiers: "External identifiers",
    },
  },

  blockers: {
    title: (shown: string, many: boolean) =>
      many ? `${shown} things stand in the way` : "One thing stands in the way",
    hint: "It has to be removed first. This list is read again after each step.",
    unseen: "A site that you cannot see",
    refresh: "Refresh",
    looking: "Asking the telephony system",
    failedService: "Failed service update",
    discard: "Discard contract",
    discardAsk: "A discarded contract cannot be brought back.",
    keep: "Keep it",
    clears: "Clears by itself",
  },

  when: {
    label: "When",
    now: "Now",
    later: "Schedule for later",
    date: "Date",
    time: "Time",
    zone: "Time zone",
    siteZones: "Of its sites",
    otherZones: "All others",
    hint: "The time is what the clocks of this zone show on that day, summer time included.",
    means: "It starts on",
    yours: "; by your own clock that is",
    skipped: "This time does not exist: the clocks go forward over it on that day.",
    twice: "The clocks go back on that day and show this time twice. Which one?",
    first: (offset: string) => `The first time (UTC${offset})`,
    second: (offset: string) => `The second time (UTC${offset})`,
    past: "This has passed already.",
    checked:
      "Everything is checked again when it is due. If something stands in the way then, it does not start and a support case is created.",
  },

  second: {
    title: "A second person is needed",
    first:
      "Your operator wants another admin to approve first. Ask a colleague to open this dialog, to type the name, and to press Approve. This page shows it as soon as it is done.",
    approved: "Another admin has approved this plan. The approval is good until",
    yours: "You approved this plan. Another admin can start it until",
    approve: "Approve",
  },

  confirm: {
    title: "Confirm",
    typeName: "To confirm, type or paste the name of the occupier:",
    copyName: "Copy the name",
    field: "Decommission",
    box: "I understand that decommissioning is irreversible",
    changed: "What would go has changed since you ticked the box. Look at it again.",
    decommission: "Decommission",
    schedule: "Schedule decommission",
    hindrances: {
      blocked: "Something stands in the way; see the top of this dialog.",
      later: "What stands in the way passes by itself: choose a later time.",
      name: "Type the name exactly as it is shown, capitals and spaces too.",
      box: "Tick the box.",
      time: "Choose when it is to start.",
      approval: "Another admin has to approve it first.",
    },
  },

  refusal: {
    title: "Nothing was changed",
    lost: "No answer",
    lostHint:
      "The server did not answer, so it is not known whether it got this. Press the button again: that is safe, as it is done at most once.",
    changes: "What has changed",
    site: "Site",
    kind: "Kind",
    before: "You saw",
    after: "Now",
    logInHint: "You come back to this dialog with what you typed.",
  },

  done: {
    started: "The decommission has begun",
    startedText: (takes: string) =>
      `It goes on by itself at all sites and takes about ${takes}. You can close this page.`,
    startedPlain: "It goes on by itself at all sites. You can close this page.",
    scheduled: "The decommission is scheduled",
    scheduledText: "It starts by itself on",
    scheduledHint: "Until then it can be moved or cancelled on the page Schedule.",
  },
} as const;
