import { expect, test } from "vitest";
import { base64, evidenceFile, fileFault, LARGEST_FILE, plainName } from "./evidence";

test("a file of the largest size fits with the longest text into a body of 1 MB", () => {
  expect(Math.ceil(LARGEST_FILE / 3) * 4 + 4_000 * 6).toBeLessThan(1_000_000);
});

test("files are taken by kind and size", () => {
  expect(fileFault({ type: "image/png", size: LARGEST_FILE })).toBeUndefined();
  expect(fileFault({ type: "image/png", size: LARGEST_FILE + 1 })).toBeDefined();
  expect(fileFault({ type: "image/png", size: 0 })).toBeDefined();
  expect(fileFault({ type: "text/html", size: 10 })).toBeDefined();
});

test("names keep their end and only plain letters", () => {
  expect(plainName("Protokoll für Müller (1).pdf")).toBe("Protokoll fur Muller _1_.pdf");
  expect(plainName("مستند.pdf")).toBe("_.pdf");
  expect(plainName(`${"x".repeat(200)}.png`)).toMatch(/^x{96}\.png$/);
  expect(plainName("")).toBe("evidence");
});

test("content longer than one call can take arrives whole", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256);
  expect(base64(bytes) === Buffer.from(bytes).toString("base64")).toBe(true);
});

test("a file is handed in as the API takes it", async () => {
  const file = new File(["Seen."], "proof.txt", { type: "text/plain" });
  expect(await evidenceFile(file)).toEqual({
    name: "proof.txt",
    media_type: "text/plain",
    content: btoa("Seen."),
  });
});
