import react from "@vitejs/plugin-react";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const api = process.env.API_URL ?? "http://127.0.0.1:8400";

/** Leaves each file compressed beside itself, as the API sends it to browsers that can read it. */
const packed: Plugin = {
  name: "packed",
  apply: "build",
  async writeBundle({ dir }, bundle) {
    const names = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name));
    const pack = async (path: string) => writeFile(`${path}.gz`, gzipSync(await readFile(path)));
    await Promise.all(names.map((name) => pack(join(dir!, name))));
  },
};

export default defineConfig({
  plugins: [react(), packed],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    // Browsers that know light-dark(): older targets get variables in its place that nothing sets.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: false,
    assetsInlineLimit: 0,
  },
  // `npm run dev` shows pages as they are edited, on a stack that runs beside it.
  server: {
    proxy: Object.fromEntries(
      ["/api", "/session", "/dev-issuer"].map((path) => [path, { target: api }]),
    ),
  },
});
