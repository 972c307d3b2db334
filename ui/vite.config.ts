import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const api = process.env.API_URL ?? "http://127.0.0.1:8400";

export default defineConfig({
  plugins: [react()],
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
