/** What single things' pages are called in the browser's title, and a page that cannot be shown. */
export const pages = {
  decommission: "Decommission",
  task: "Task",
  case: "Support case",
  closure: "Close a site",
  broken: "This page stopped working",
  brokenHint: "What you asked of the server before stands. The other pages still work.",
  brokenCause: "The fault, for support:",
  missing: "This page could not be fetched",
  missingHint: "There may be a new version of the console, or no connection to the server.",
  reload: "Load this page again",
} as const;
