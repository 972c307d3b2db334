import { expect, test } from "vitest";
import type { Schemas } from "~/api/client";
import { planTable } from "./planTable";

const digest = "0123456789abcdef";
const plan: Schemas["PlanOut"] = {
  hash: "",
  total: 5,
  sites: [
    { id: "a", name: "Canal Yard" },
    { id: "b", name: "Mill Lane" },
  ],
  lines: [
    { site_id: "a", kind: "switch_port", count: 2, digest },
    { site_id: "b", kind: "switch_port", count: 1, digest },
    { site_id: "b", kind: "phone_number", count: 2, digest },
    { site_id: "b", kind: "vlan", count: 0, digest },
  ],
  records: [{ kind: "contracts_ended", site_id: "a", count: 1 }],
};

test("kinds that occur are summed over the sites, in the order of the runbook", () => {
  expect(planTable(plan).kinds).toEqual([
    { kind: "contracts_ended", total: 1 },
    { kind: "phone_number", total: 2 },
    { kind: "switch_port", total: 3 },
  ]);
});

test("each site has its own counts", () => {
  const { sites } = planTable(plan);
  expect(sites.map((site) => [site.name, site.counts.get("switch_port")])).toEqual([
    ["Canal Yard", 2],
    ["Mill Lane", 1],
  ]);
});

test("a kind that is not known here yet comes last", () => {
  const records = [{ kind: "lockers_emptied", site_id: "a", count: 1 }];
  expect(planTable({ ...plan, records }).kinds.at(-1)?.kind).toBe("lockers_emptied");
});
