import { expect, test } from "vitest";
import { productsBySite } from "./productsBySite";

test("each site is told once, by name, with all of its products", () => {
  const found = productsBySite([
    { site_name: "Quay", product: "Voice seat" },
    { site_name: "Anchor", product: "Public IP" },
    { site_name: "Quay", product: "Internet" },
  ]);
  expect([...found]).toEqual([
    ["Anchor", ["Public IP"]],
    ["Quay", ["Voice seat", "Internet"]],
  ]);
});
