/// <reference types="node" />
import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname;

export default defineConfig(({ mode }) => {
  const stories = mode === "stories";
  const built = { verify: "verify.html", start: "start.html" };
  const pages = stories ? { ...built, stories: "stories/stories.html" } : built;
  const server = process.env["OPENEKYC_URL"] ?? "http://127.0.0.1:8080";
  const proxy = Object.fromEntries(["/capture", "/demo", "/assets/models"].map((path) => [path, server]));
  return {
    root: here,
    base: "./",
    build: {
      outDir: stories ? resolve(here, "../build/stories") : resolve(here, "../../src/openekyc/web"),
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rollupOptions: { input: Object.fromEntries(Object.entries(pages).map(([name, path]) => [name, resolve(here, path)])) },
    },
    worker: { format: "es" as const },
    server: { proxy },
    preview: { proxy },
  };
});
