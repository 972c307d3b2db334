import { expect, test } from "vitest";
import { text } from "~/text/en";
import { whyNotRemote } from "./whyNotRemote";

const said = text.occupiers.telephony;
const digital = { is_remote: true, device_class: "digital" } as const;
const base = { is_remote: false, device_class: "non_digital" } as const;

test("an admin may log out a digital handset", () => {
  expect(whyNotRemote(digital, "active", ["handset.log_out"])).toBeUndefined();
});

test("a handset that is not digital is logged out at the handset itself", () => {
  expect(whyNotRemote(base, "active", ["handset.log_out"])).toBe(said.notDigital);
  const unknown = { is_remote: false, device_class: null };
  expect(whyNotRemote(unknown, "active", ["handset.log_out"])).toBe(said.notDigital);
});

test("from pending on the decommission logs out", () => {
  expect(whyNotRemote(digital, "pending", ["handset.log_out"])).toBe(said.locked);
});

test("who is no admin is told so", () => {
  expect(whyNotRemote(digital, "scheduled", [])).toBe(said.notAdmin);
});
