import { expect, test } from "vitest";
import { occupierOptions, occupiersOf } from "./occupierOptions";

const ID = "74307fd1-c8ae-497c-9d6c-f7df860c4e6d";

test("a pasted id can be chosen though no name was found", () => {
  expect(
    occupierOptions({ typed: ` ${ID.toUpperCase()} `, chosen: undefined, offered: [] }),
  ).toEqual([{ value: ID, label: ID }]);
});

test("the chosen occupier is offered once, with its name", () => {
  const chosen = { id: ID, name: "Birch" };
  expect(occupierOptions({ typed: "Birch", chosen, offered: [chosen] })).toEqual([
    { value: ID, label: "Birch" },
  ]);
});

test("part of an id is a search, not a choice", () => {
  expect(occupierOptions({ typed: "74307fd1", chosen: undefined, offered: [] })).toEqual([]);
});

test("the occupiers of some things are told once each, by name", () => {
  const of = (occupier_id: string | null, occupier_name: string | null) => ({
    occupier_id,
    occupier_name,
  });
  const things = [of("2", "Zeal"), of("1", "Amber"), of("2", "Zeal"), of(null, null)];
  expect(occupiersOf([...things, of("3", null)])).toEqual([
    { id: "3", name: "3" },
    { id: "1", name: "Amber" },
    { id: "2", name: "Zeal" },
  ]);
});
