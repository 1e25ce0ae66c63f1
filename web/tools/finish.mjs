/** After the build: every file that shrinks gets its .br and .gz beside it. Big files are compressed once and kept in a cache. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const out = resolve(import.meta.dirname, "../../src/openekyc/web");
const cache = resolve(import.meta.dirname, "../node_modules/.cache/openekyc-compressed");
const BIG = 1_000_000;

const encoders = {
  br: (data) =>
    brotliCompressSync(data, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: data.length > BIG ? 10 : 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
      },
    }),
  gz: (data) => gzipSync(data, { level: 9 }),
};

function compressed(data, kind) {
  if (data.length < BIG) return encoders[kind](data);
  const kept = join(cache, `${createHash("sha256").update(data).digest("hex")}.${kind}`);
  if (!existsSync(kept)) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(kept, encoders[kind](data));
  }
  return readFileSync(kept);
}

for (const name of readdirSync(out, { recursive: true })) {
  const path = join(out, name);
  if (!statSync(path).isFile() || /\.(br|gz|png|jpg|woff2)$/.test(name)) continue;
  const data = readFileSync(path);
  for (const kind of Object.keys(encoders)) writeFileSync(`${path}.${kind}`, compressed(data, kind));
}
