import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["capture/test/**/*.test.ts", "page/test/**/*.test.ts"] } });
