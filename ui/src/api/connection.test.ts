import { expect, test } from "vitest";
import { createConnection } from "./connection";

test("a connection counts as there until a request gets no answer", () => {
  const connection = createConnection();
  expect(connection.isLost()).toBe(false);
  connection.lost();
  expect(connection.isLost()).toBe(true);
});

test("one answer heals it", () => {
  const connection = createConnection();
  connection.lost();
  connection.answered();
  expect(connection.isLost()).toBe(false);
});

test("listeners hear of changes only, and not after they left", () => {
  const connection = createConnection();
  let heard = 0;
  const leave = connection.subscribe(() => heard++);
  connection.answered();
  connection.lost();
  connection.lost();
  expect(heard).toBe(1);
  leave();
  connection.answered();
  expect(heard).toBe(1);
});
