/** The face tracker, off the page's thread: FaceLandmarker of tasks-vision with the same landmark file as the engine. */

import { FaceLandmarker } from "@mediapipe/tasks-vision";
import { face } from "../face.ts";
import type { FromWorker, ToWorker } from "./link.ts";

let landmarker: FaceLandmarker | null = null;
let latest = 0;

function tell(message: FromWorker): void {
  self.postMessage(message);
}

self.addEventListener("message", (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === "load") load(message).catch((error: unknown) => tell({ kind: "failed", reason: String(error) }));
  else if (message.kind === "expect") landmarker?.setOptions({ numFaces: message.people });
  else track(message.frame, message.at);
});

async function load(urls: { loader: string; binary: string; model: string; total: number }): Promise<void> {
  // The landmarker takes its pictures as textures, wherever it computes: without WebGL it would load and then fail at the first one.
  const canvas = new OffscreenCanvas(1, 1);
  if (!canvas.getContext("webgl2") && !canvas.getContext("webgl")) throw new Error("There is no WebGL.");
  const got = { binary: 0, model: 0 };
  const progress = (): void => tell({ kind: "progress", share: Math.min(0.99, (got.binary + got.model) / urls.total) });
  const [model] = await Promise.all([
    fetched(urls.model, (size) => {
      got.model = size;
      progress();
    }),
    // The loader fetches it again, from the cache: this is for progress, and runs while the model is loading.
    fetched(urls.binary, (size) => {
      got.binary = size;
      progress();
    }),
  ]);
  landmarker = await FaceLandmarker.createFromOptions(
    { wasmLoaderPath: urls.loader, wasmBinaryPath: urls.binary },
    {
      baseOptions: { modelAssetBuffer: model, delegate: "CPU" },
      runningMode: "VIDEO",
      outputFaceBlendshapes: true,
      outputFacialTransformationMatrixes: true,
    },
  );
  tell({ kind: "ready" });
}

async function fetched(url: string, onSize: (size: number) => void): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url}: HTTP ${response.status}`);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { value, done } = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
    onSize(size);
  }
  const whole = new Uint8Array(size);
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

function track(frame: ImageBitmap, at: number): void {
  try {
    if (at <= latest) return; // overtaken: the tracker takes rising times only
    latest = at;
    const aspect = frame.width / frame.height;
    const found = landmarker?.detectForVideo(frame, at);
    const faces = (found?.faceLandmarks ?? []).map((points, place) =>
      face(
        {
          points,
          shapes: new Map(found?.faceBlendshapes[place]?.categories.map((shape) => [shape.categoryName, shape.score])),
          matrix: found?.facialTransformationMatrixes[place]?.data ?? [],
        },
        aspect,
      ),
    );
    faces.sort((a, b) => b.box[2] - a.box[2]);
    tell({ kind: "seen", seen: { at, faces } });
  } catch (error) {
    tell({ kind: "failed", reason: String(error) });
  } finally {
    frame.close();
  }
}
