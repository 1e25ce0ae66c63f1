/** The camera: opening, choosing, describing, closing it. */

import type { CameraInfo } from "./messages.ts";

export type CameraFault = "denied" | "busy" | "none" | "lost" | "failed";

export class CameraError extends Error {
  readonly fault: CameraFault;

  constructor(fault: CameraFault, message = "") {
    super(message);
    this.name = "CameraError";
    this.fault = fault;
  }
}

export interface CameraChoice {
  id: string;
  label: string;
}

const FAULTS: Record<string, CameraFault> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "busy",
  AbortError: "busy",
  TrackStartError: "busy",
  NotFoundError: "none",
  DevicesNotFoundError: "none",
  OverconstrainedError: "none",
};

export type Facing = "user" | "environment";

export class Camera {
  readonly stream: MediaStream;
  readonly facing: Facing;
  private readonly track: MediaStreamTrack;

  private constructor(stream: MediaStream, track: MediaStreamTrack, facing: Facing) {
    this.stream = stream;
    this.track = track;
    this.facing = facing;
  }

  /** Asks for a camera. Wishes are wishes: a device without them still opens. Throws CameraError. */
  static async open(deviceId: string, facing: Facing = "user"): Promise<Camera> {
    const size = facing === "user" ? { width: 640, height: 480 } : { width: 1920, height: 1080 };
    const video: MediaTrackConstraints = {
      width: { ideal: size.width },
      height: { ideal: size.height },
      frameRate: { ideal: 30 },
      ...(deviceId ? { deviceId: { ideal: deviceId } } : { facingMode: { ideal: facing } }),
    };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video });
      const track = stream.getVideoTracks()[0];
      if (!track) throw new CameraError("none");
      return new Camera(stream, track, facing);
    } catch (error) {
      if (error instanceof CameraError) throw error;
      const name = error instanceof Error ? error.name : "";
      throw new CameraError(FAULTS[name] ?? "failed", String(error));
    }
  }

  get live(): boolean {
    return this.track.readyState === "live";
  }

  get deviceId(): string {
    return this.track.getSettings().deviceId ?? "";
  }

  get info(): CameraInfo {
    const { width = 0, height = 0, frameRate = 0 } = this.track.getSettings();
    return { label: this.track.label.slice(0, 256), width: Math.round(width), height: Math.round(height), rate: frameRate };
  }

  /** Called once if the camera goes away by itself: unplugged, taken by a call, permission withdrawn. */
  onLost(told: () => void): void {
    this.track.addEventListener("ended", told, { once: true });
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }
}

/** The cameras there are; labels are empty before permission. */
export async function cameras(): Promise<CameraChoice[]> {
  if (!navigator.mediaDevices?.enumerateDevices) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter((device) => device.kind === "videoinput" && device.deviceId)
    .map((device) => ({ id: device.deviceId, label: device.label }));
}

/** Whether the camera was allowed for good, so that the browser does not ask. False too where it does not tell. */
export async function mayFilm(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "camera" as PermissionName })).state === "granted";
  } catch {
    return false;
  }
}
