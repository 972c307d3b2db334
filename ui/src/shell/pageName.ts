import { text } from "~/text/en";

const { navigation, pages } = text;

/** By the first part of an address: the page with nothing after it, and with something after it. */
const NAMES: Record<string, [alone: string, of: string]> = {
  occupiers: [navigation.occupiers, navigation.occupiers],
  decommissions: [navigation.decommissions, pages.decommission],
  schedules: [navigation.schedule, navigation.schedule],
  sites: [pages.closure, pages.closure],
  tasks: [navigation.tasks, pages.task],
  cases: [navigation.support, pages.case],
  systems: [navigation.systems, navigation.systems],
  audit: [navigation.audit, navigation.audit],
};

/** Addresses that show something beside a list on the page that one is already on. */
const ONE_PAGE = new Set(["occupiers", "tasks"]);

/** What the browser calls a page: its kind alone, as titles stay in histories and on screens. */
export function titleOf(pathname: string): string {
  const [first = "", second] = parts(pathname);
  const name = NAMES[first]?.[second === undefined ? 0 : 1] ?? text.state.notFound;
  return name === text.product ? name : `${name} - ${text.product}`;
}

/** Equal for addresses between which one stays on the page, such as a list's other rows. */
export function pageOf(pathname: string): string {
  const [first = "", ...rest] = parts(pathname);
  return ONE_PAGE.has(first) ? first : [first, ...rest].join("/");
}

/** Whether an address is at a place of the navigation, or below it. */
export function isAt(place: string, pathname: string): boolean {
  return pathname === place || pathname.startsWith(`${place}/`);
}

function parts(pathname: string): string[] {
  return pathname.split("/").filter(Boolean);
}
