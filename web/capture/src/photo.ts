/** Photos of a document: the sharpest of a burst of the camera's frames, or a file from the album. Always a JPEG of bounded size. */

import { LOOK_WIDTH, type Look, look } from "./card.ts";
import type { Box } from "./messages.ts";
import { sleep } from "./time.ts";

const LONGEST = 1600; // pixels of a photo taken here, which is little more than the document
const LONGEST_FILE = 2400; // of one from the album, where the document may be a part
const BIGGEST_FILE = 40_000_000; // bytes
const QUALITY = 0.9;
const BURST = 3;
const BURST_GAP_MS = 90;

/** The file is no picture, or one that this browser cannot open. */
export class Unreadable extends Error {}

/** Looks at a part of the video, again and again on one small canvas. */
export class Lookout {
  private readonly context = canvas(LOOK_WIDTH, LOOK_WIDTH).getContext("2d", {
    willReadFrequently: true,
    alpha: false,
  }) as CanvasRenderingContext2D;

  look(source: CanvasImageSource, [x, y, width, height]: Box): Look {
    const tall = Math.round((LOOK_WIDTH * height) / width);
    this.context.drawImage(source, x, y, width, height, 0, 0, LOOK_WIDTH, tall);
    return look(this.context.getImageData(0, 0, LOOK_WIDTH, tall).data, LOOK_WIDTH, tall);
  }
}

/** The sharpest of a few frames of that part (in pixels of the video). */
export async function burst(video: HTMLVideoElement, part: Box, signal: AbortSignal): Promise<Blob> {
  const lookout = new Lookout();
  let best: { sharpness: number; picture: HTMLCanvasElement } | null = null;
  for (let turn = 0; turn < BURST; turn++) {
    if (turn) await sleep(BURST_GAP_MS, signal);
    const picture = drawn(video, part, LONGEST);
    const { sharpness } = lookout.look(picture, [0, 0, picture.width, picture.height]);
    if (!best || sharpness > best.sharpness) best = { sharpness, picture };
  }
  return jpeg((best as { picture: HTMLCanvasElement }).picture);
}

/** A picture file as the server takes it: upright, without what the file said about place and time. Throws Unreadable. */
export async function fromFile(file: Blob): Promise<Blob> {
  if (file.size > BIGGEST_FILE) throw new Unreadable("The file is too large.");
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new Unreadable(String(error));
  }
  const picture = drawn(bitmap, [0, 0, bitmap.width, bitmap.height], LONGEST_FILE);
  bitmap.close();
  return jpeg(picture);
}

function drawn(source: CanvasImageSource, [x, y, width, height]: Box, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(width, height));
  const picture = canvas(Math.round(width * scale), Math.round(height * scale));
  const context = picture.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
  context.fillStyle = "#fff"; // under what a picture file leaves transparent
  context.fillRect(0, 0, picture.width, picture.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, x, y, width, height, 0, 0, picture.width, picture.height);
  return picture;
}

function canvas(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement("canvas"), { width, height });
}

function jpeg(picture: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Unreadable("The picture is too large."))), "image/jpeg", QUALITY);
  });
}
