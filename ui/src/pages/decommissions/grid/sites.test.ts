import { expect, test } from "vitest";
import { rowsOf, siteStanding, tally, UNGROUPED, type Site } from "./sites";

const NONE = new Set<never>();

function site(name: string, counts: Partial<Site["counts"]> = {}): Site {
  return {
    site_id: name,
    site_name: name,
    counts: {
      total: 8,
      completed: 0,
      failed: 0,
      cancelled: 0,
      queued: 8,
      running: 0,
      retrying: 0,
      stuck: 0,
      ...counts,
    },
    progress: 0,
    started_at: null,
    finished_at: null,
    paused_at: null,
    tasks: null,
  };
}

const many = Array.from({ length: 1000 }, (_, index) =>
  site(`Site ${index}`, index < 3 ? { failed: 1 } : index < 500 ? { completed: 8 } : {}),
);

test("a site with a failed, stuck or retried task needs attention whatever else it does", () => {
  expect(siteStanding(site("a", { failed: 1, running: 3 }))).toBe("attention");
  expect(siteStanding(site("a", { stuck: 1, running: 1 }))).toBe("attention");
  expect(siteStanding(site("a", { retrying: 1 }))).toBe("attention");
});

test("a site is done once every task is, and has not started before its first", () => {
  expect(siteStanding(site("a", { completed: 8 }))).toBe("done");
  expect(siteStanding(site("a", { completed: 7 }))).toBe("running");
  expect(siteStanding(site("a"))).toBe("waiting");
});

test("few sites stay in the order of the fan-out", () => {
  const rows = rowsOf([site("b", { completed: 8 }), site("a", { failed: 1 })], "all", "", NONE);
  expect(rows.map((row) => row.kind === "site" && row.site.site_name)).toEqual(["b", "a"]);
});

test("many sites are grouped with those in trouble first", () => {
  const rows = rowsOf(many, "all", "", NONE);
  expect(rows[0]).toEqual({ kind: "group", standing: "attention", count: 3, isOpen: true });
  expect(rows).toHaveLength(1000 + 3);
});

test("a closed group shows its head only", () => {
  expect(rowsOf(many, "all", "", new Set(["done", "waiting"] as const))).toHaveLength(3 + 3);
});

test("a filter shows its sites without heads", () => {
  const rows = rowsOf(many, "attention", "", NONE);
  expect(rows.map((row) => row.kind)).toEqual(["site", "site", "site"]);
});

test("the search finds parts of names in any case", () => {
  expect(rowsOf(many, "done", "SITE 49", NONE)).toHaveLength(11);
});

test("the tally counts every site once", () => {
  const { all, ...rest } = tally(many);
  expect(all).toBe(Object.values(rest).reduce((sum, count) => sum + count, 0));
  expect(UNGROUPED).toBeLessThan(all);
});
