/** Can this browser do it at all, and which one is it? */

import { supportedFormats } from "./recorder.ts";

export type Unsupported = "insecure" | "no_camera_api" | "no_recorder" | "in_app";

/** What stands in the way; null if nothing does. */
export function unsupported(): Unsupported | null {
  if (!globalThis.isSecureContext) return "insecure";
  const inApp = inAppBrowser(navigator.userAgent);
  if (!navigator.mediaDevices?.getUserMedia) return inApp ? "in_app" : "no_camera_api";
  if (!supportedFormats().length) return inApp ? "in_app" : "no_recorder";
  return null;
}

/** The app whose built-in browser this is, "" if it is an ordinary one. */
export function inAppBrowser(userAgent: string): string {
  const known: Array<[RegExp, string]> = [
    [/FBAN|FBAV|FB_IAB/, "Facebook"],
    [/Instagram/, "Instagram"],
    [/MicroMessenger/, "WeChat"],
    [/\bLine\//i, "LINE"],
    [/KAKAOTALK/i, "KakaoTalk"],
    [/Twitter/, "X"],
    [/musical_ly|BytedanceWebview|TikTok/, "TikTok"],
    [/Snapchat/, "Snapchat"],
    [/\bQQ\//, "QQ"],
    [/Zalo/, "Zalo"],
  ];
  return known.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "";
}

/** Whose permission steps to show. */
export type Browser = "safari_ios" | "safari" | "chrome_android" | "chrome_ios" | "chrome" | "firefox" | "edge" | "samsung" | "other";

export function browser(userAgent: string, touchPoints = 0): Browser {
  const ios = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  if (ios) return /CriOS|FxiOS|EdgiOS/.test(userAgent) ? "chrome_ios" : "safari_ios";
  if (/SamsungBrowser/.test(userAgent)) return "samsung";
  if (/Firefox/.test(userAgent)) return "firefox";
  if (/Edg\//.test(userAgent)) return "edge";
  if (/Chrome/.test(userAgent)) return /Android/.test(userAgent) ? "chrome_android" : "chrome";
  return /Safari/.test(userAgent) ? "safari" : "other";
}

/** Whether this is a phone or a tablet: a hand-off to a phone makes no sense there. */
export function handheld(): boolean {
  return matchMedia("(pointer: coarse)").matches && Math.min(screen.width, screen.height) < 900;
}
