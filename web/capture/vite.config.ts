/// <reference types="node" />
import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname;

/** The npm package: `index.js` (the core), `openekyc-capture.js` (the element with all it needs), worker and wasm beside them. */
export default defineConfig({
  root: here,
  base: "./",
  build: {
    outDir: resolve(here, "dist"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: resolve(here, "src/index.ts"), "openekyc-capture": resolve(here, "src/element/define.ts") },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js", chunkFileNames: "assets/[name]-[hash].js" },
    },
  },
  worker: { format: "es" },
});
