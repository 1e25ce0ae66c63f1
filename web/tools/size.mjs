/**
 * What a person's phone has to load, over the wire (brotli, as the server sends it). Fails beyond the limits.
 * The landmark file is not part of the build: the server sends it gzipped, from the models folder if that is known, else its size is taken
 * as measured.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliDecompressSync, gzipSync } from "node:zlib";

const INTERACTIVE = 60_000; // gzip of all script that runs before the first screen answers
const EVERYTHING = 6_000_000;
const MODEL = 3_331_964; // gzip of face_landmarker.task

const out = resolve(import.meta.dirname, "../../src/openekyc/web");
const assets = join(out, "assets");
const raw = (name) => brotliDecompressSync(readFileSync(join(assets, `${name}.br`)));
const br = (name) => readFileSync(join(assets, `${name}.br`)).length;
const names = readdirSync(assets).filter((name) => existsSync(join(assets, `${name}.br`)));

/** What a page loads by itself: its scripts and styles with everything they import statically. */
function first(page) {
  const html = readFileSync(join(out, page), "utf8");
  const found = new Set([...html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((match) => match[1]));
  for (const name of found) {
    if (!name.endsWith(".js")) continue;
    for (const match of raw(name)
      .toString()
      .matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
      found.add(match[1]);
  }
  return [...found];
}

const model = process.env.OPENEKYC_MODELS
  ? gzipSync(readFileSync(join(process.env.OPENEKYC_MODELS, "face_landmarker.task"))).length
  : MODEL;
const verify = first("verify.html");
const scripts = verify.filter((name) => name.endsWith(".js"));
const interactive = scripts.reduce((sum, name) => sum + gzipSync(raw(name), { level: 9 }).length, 0);
const tracker = names.filter((name) => /^(worker|vision_wasm)/.test(name));
const locale = Math.max(0, ...names.filter((name) => /^(ar|th|ja|ko|vi|id|ms|pt-BR|zh-Han[st])-/.test(name)).map(br));
const everything =
  [...verify, ...tracker].reduce((sum, name) => sum + br(name), 0) + locale + model + readFileSync(join(out, "verify.html.br")).length;

const line = (what, bytes, limit) =>
  console.log(`${what.padEnd(46)} ${String(bytes).padStart(9)} B${limit ? ` of ${limit} (${Math.round((100 * bytes) / limit)} %)` : ""}`);
line("script to interactive, gzip", interactive, INTERACTIVE);
for (const name of [...verify, ...tracker]) line(`  ${name}, brotli`, br(name));
line("  largest language, brotli", locale);
line("  face_landmarker.task, gzip", model);
line("everything, over the wire", everything, EVERYTHING);
if (interactive > INTERACTIVE || everything > EVERYTHING) {
  console.error("Too large: see the limits in web/tools/size.mjs.");
  process.exit(1);
}
