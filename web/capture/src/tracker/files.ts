/** Where the tracker's files lie. The build gives them their content-hashed names; the landmark file comes from the server. */

import loader from "@mediapipe/tasks-vision/vision_wasm_module_internal.js?url";
import binary from "@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url";
import type { TrackerFiles } from "./tracker.ts";

const BINARY_BYTES = 11_756_972;
const MODEL_BYTES = 3_758_596;

export function trackerFiles(base: string): TrackerFiles {
  const absolute = (path: string): string => new URL(path, import.meta.url).href;
  return {
    loader: absolute(loader),
    binary: absolute(binary),
    model: new URL(`${base}/assets/models/face_landmarker.task`, location.href).href,
    total: BINARY_BYTES + MODEL_BYTES,
    worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  };
}
