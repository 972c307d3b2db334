import { expect, test } from "vitest";
import { isSameName } from "./sameName";

const NAME = "Juniper & Vale";

test("the exact name confirms", () => {
  expect(isSameName("Juniper & Vale", NAME)).toBe(true);
});

test("an empty field confirms nothing", () => {
  expect(isSameName("", NAME)).toBe(false);
});

test("other capitals do not confirm", () => {
  expect(isSameName("juniper & vale", NAME)).toBe(false);
  expect(isSameName("JUNIPER & VALE", NAME)).toBe(false);
});

test("a space before, after or too many in between does not confirm", () => {
  for (const typed of [" Juniper & Vale", "Juniper & Vale ", "Juniper  & Vale"]) {
    expect(isSameName(typed, NAME)).toBe(false);
  }
});

test("a space that belongs to the name has to be typed", () => {
  expect(isSameName("Vale", "Vale ")).toBe(false);
  expect(isSameName("Vale ", "Vale ")).toBe(true);
});

test("a no-break space is not a space", () => {
  expect(isSameName("Juniper\u00a0& Vale", NAME)).toBe(false);
});

test("an accent confirms whether it is one character or two", () => {
  expect(isSameName("Cafe\u0301 Zoe\u0308", "Caf\u00e9 Zo\u00eb")).toBe(true);
  expect(isSameName("Caf\u00e9 Zo\u00eb", "Cafe\u0301 Zoe\u0308")).toBe(true);
});

test("a missing accent does not confirm", () => {
  expect(isSameName("Cafe", "Café")).toBe(false);
});

test("letters of another script that look alike do not confirm", () => {
  expect(isSameName("Juniper & V\u0430le", NAME)).toBe(false); // Cyrillic a
  expect(isSameName("Οrchard", "Orchard")).toBe(false); // Greek Omicron
});

test("compatible forms are not the same: ligatures and full-width letters", () => {
  expect(isSameName("O\ufb03ce", "Office")).toBe(false);
  expect(isSameName("\uff36ale", "Vale")).toBe(false);
});

test("invisible characters and marks of direction count", () => {
  expect(isSameName("Juniper & Vale\u200b", NAME)).toBe(false);
  expect(isSameName("\u202eJuniper & Vale", NAME)).toBe(false);
});

test("right-to-left names, emoji and Hangul in parts confirm", () => {
  expect(isSameName("مكتب الوادي", "مكتب الوادي")).toBe(true);
  expect(isSameName("👩‍💻 Studio", "👩‍💻 Studio")).toBe(true);
  expect(isSameName("\u1112\u1161\u11ab", "\ud55c")).toBe(true);
});

test("the quotes around the shown name are not a part of it", () => {
  expect(isSameName("'Juniper & Vale'", NAME)).toBe(false);
});
