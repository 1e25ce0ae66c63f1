/** Where the camera's picture goes so that the server's oval is what the person sees as the oval. Pure. */

import type { Box, Thresholds } from "./messages.ts";

const LANDSCAPE = 4 / 3; // what the server's shares are meant for
const WIDEST = 0.82;

/** The thresholds for a picture of this aspect (width over height): the oval keeps its form when the camera is held upright. */
export function fitted(thresholds: Thresholds, aspect: number): Thresholds {
  const [, , width, height] = thresholds.oval;
  const form = (width * LANDSCAPE) / height;
  const tall = Math.min(height, (WIDEST * aspect) / form);
  const wide = (form * tall) / aspect;
  const scale = wide / width;
  return {
    ...thresholds,
    oval: [(1 - wide) / 2 + (thresholds.oval[0] + width / 2 - 0.5), (1 - tall) / 2 + (thresholds.oval[1] + height / 2 - 0.5), wide, tall],
    face_width_min: Math.min(0.8, thresholds.face_width_min * scale),
    face_width_max: Math.min(0.95, thresholds.face_width_max * scale),
  };
}

export interface Layout {
  width: number; // of the oval on the page
  height: number;
  video: Box; // left, top, width, height in pixels, from the oval's corner; mirrored
}

/** The oval as large as a stage of this size allows, and the mirrored video under it. */
export function layout(stage: { width: number; height: number }, oval: Box, aspect: number, em = 16): Layout {
  const [x, y, wide, tall] = oval;
  const form = (wide * aspect) / tall; // the oval's own width over its height
  const landscape = stage.height <= 30 * em && stage.width >= 35 * em; // as in `styles.ts`
  const height = Math.round(Math.min(landscape ? stage.height * 0.72 : stage.height * 0.54, (stage.width * 0.76) / form, 470));
  const width = Math.round(height * form);
  const video = { width: width / wide, height: height / tall };
  return { width, height, video: [-(1 - x - wide) * video.width, -y * video.height, video.width, video.height] };
}
