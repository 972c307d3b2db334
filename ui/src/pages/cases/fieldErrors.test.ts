import { expect, test } from "vitest";
import { Problem } from "~/api/problem";
import { fieldErrors } from "./fieldErrors";

const refused = (errors?: { field: string; message: string }[]) =>
  new Problem(422, "/problems/invalid-request", "A field cannot be accepted.", undefined, {
    errors,
  });

test("each field gets its own message", () => {
  const error = refused([{ field: "body.subject", message: "must not be blank" }]);
  expect(fieldErrors(error, ["subject"])).toEqual({ subject: "must not be blank" });
});

test("a message about no field of the form is told above it", () => {
  const error = refused([{ field: "header.idempotency-key", message: "must be given" }]);
  expect(fieldErrors(error, ["subject"])).toEqual({
    "": "header.idempotency-key: must be given",
  });
});

test("a refusal without fields is told as it is", () => {
  expect(fieldErrors(refused(), ["subject"])).toEqual({ "": "A field cannot be accepted." });
  expect(fieldErrors(null, ["subject"])).toEqual({});
});
