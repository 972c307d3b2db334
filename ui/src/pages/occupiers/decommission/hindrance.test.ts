import { expect, test } from "vitest";
import type { Schemas } from "~/api/client";
import { hindrance, standing, type Entered } from "./hindrance";

const NOW = new Date("2026-11-22T12:00:00Z");
const preview: Schemas["PreviewOut"] = {
  occupier_id: "",
  name: "Juniper & Vale",
  status: "active",
  version: 3,
  allowed_actions: ["decommission", "schedule"],
  blockers: [],
  plan: { hash: "aa", total: 0, lines: [], records: [], sites: [] },
  kept: {},
  expected_duration: null,
  second_person: { required: false, approved_until: null },
};
const entered: Entered = {
  name: "Juniper & Vale",
  understood: standing(preview),
  when: "now",
  date: "2026-12-01",
  time: "18:00",
  timeZone: "Europe/London",
};

test("the exact name and the tick together are enough", () => {
  expect(hindrance("decommission", entered, preview, NOW)).toBeUndefined();
});

test("neither alone is enough", () => {
  const noTick = { ...entered, understood: undefined };
  expect(hindrance("decommission", noTick, preview, NOW)).toBe("box");
  expect(hindrance("decommission", { ...entered, name: "Juniper" }, preview, NOW)).toBe("name");
});

test("a tick for another plan or another version does not count", () => {
  const plan = { ...preview.plan!, hash: "bb" };
  expect(hindrance("decommission", entered, { ...preview, plan }, NOW)).toBe("box");
  expect(hindrance("decommission", entered, { ...preview, version: 4 }, NOW)).toBe("box");
});

test("what the preview does not allow is not pressed, whatever is typed", () => {
  expect(hindrance("decommission", entered, { ...preview, allowed_actions: [] }, NOW)).toBe(
    "blocked",
  );
});

test("what passes by itself is in the way now, and not later", () => {
  const passing = { ...preview, allowed_actions: ["schedule" as const] };
  expect(hindrance("decommission", entered, passing, NOW)).toBe("later");
  expect(hindrance("schedule", entered, passing, NOW)).toBeUndefined();
});

test("a schedule needs a moment that is still ahead", () => {
  expect(hindrance("schedule", entered, preview, NOW)).toBeUndefined();
  expect(hindrance("schedule", { ...entered, date: "" }, preview, NOW)).toBe("time");
  expect(hindrance("schedule", { ...entered, date: "2026-11-21" }, preview, NOW)).toBe("time");
});

test("a time that the clocks show twice needs to be told which", () => {
  const twice = { ...entered, date: "2027-10-31", time: "01:30" };
  expect(hindrance("schedule", twice, preview, NOW)).toBe("time");
  expect(hindrance("schedule", { ...twice, offset: "+00:00" }, preview, NOW)).toBeUndefined();
});

test("where a second person is needed an approval that still holds comes first", () => {
  const needed = (approved_until: string | null) => ({
    ...preview,
    allowed_actions: [...preview.allowed_actions, "approve" as const],
    second_person: { required: true, approved_until },
  });
  expect(hindrance("decommission", entered, needed(null), NOW)).toBe("approval");
  expect(hindrance("decommission", entered, needed("2026-11-22T11:59:00Z"), NOW)).toBe("approval");
  expect(hindrance("decommission", entered, needed("2026-11-22T12:30:00Z"), NOW)).toBeUndefined();
  expect(hindrance("approve", entered, needed(null), NOW)).toBeUndefined();
});
