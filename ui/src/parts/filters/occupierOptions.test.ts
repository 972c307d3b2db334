import { expect, test } from "vitest";
import { occupiersOf, optionsOf } from "./occupierOptions";

const ID = "74307fd1-c8ae-497c-9d6c-f7df860c4e6d";

test("a pasted id can be chosen though no name was found", () => {
  expect(optionsOf({ typed: ` ${ID.toUpperCase()} `, chosen: undefined, offered: [] })).toEqual([
    { value: ID, label: ID },
  ]);
});

test("the chosen occupier is offered once, with its name", () => {
  const chosen = { id: ID, name: "Birch" };
  expect(optionsOf({ typed: "Birch", chosen, offered: [chosen] })).toEqual([
    { value: ID, label: "Birch" },
  ]);
});

test("part of an id is a search, not a choice", () => {
  expect(optionsOf({ typed: "74307fd1", chosen: undefined, offered: [] })).toEqual([]);
});

test("the occupiers of the tasks are told once each, by name", () => {
  const task = (occupier_id: string, occupier_name: string) => ({ occupier_id, occupier_name });
  expect(occupiersOf([task("2", "Zeal"), task("1", "Amber"), task("2", "Zeal")])).toEqual([
    { id: "1", name: "Amber" },
    { id: "2", name: "Zeal" },
  ]);
});
