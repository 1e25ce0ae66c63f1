/** Pictures, drawn in the current colour. Gestures move by CSS inside the SVG's own classes (see `artStyles`). */

import { css, html, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import type { Gesture } from "../messages.ts";

function drawing(inner: SVGTemplateResult, kind = ""): TemplateResult {
  return html`<svg class=${kind} viewBox="0 0 96 96" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${inner}</svg>`;
}

const faint = (inner: SVGTemplateResult): SVGTemplateResult => svg`<g opacity=".28">${inner}</g>`;

const EYES = svg`<path class="eye" d="M36 42v4M60 42v4"/>`;
const SMILE = svg`<path d="M38 61c5 5 15 5 20 0"/>`;
const HEAD = svg`<ellipse cx="48" cy="49" rx="27" ry="33"/>`;

export const art = {
  face: drawing(
    svg`${faint(svg`<path d="M10 28V16a6 6 0 0 1 6-6h12M68 10h12a6 6 0 0 1 6 6v12M86 68v12a6 6 0 0 1-6 6H68M28 86H16a6 6 0 0 1-6-6V68"/>`)}<ellipse cx="48" cy="48" rx="21" ry="27"/><path d="M39 43v3M57 43v3M41 58c4 4 10 4 14 0"/>`,
  ),
  card: drawing(
    svg`<rect x="10" y="22" width="76" height="52" rx="8"/><circle cx="32" cy="43" r="8"/><path d="M20 62c3-8 21-8 24 0"/>${faint(svg`<path d="M56 40h18M56 50h18M56 60h10"/>`)}`,
  ),
  back: drawing(svg`<rect x="10" y="22" width="76" height="52" rx="8"/><path d="M10 36h76"/>${faint(svg`<path d="M22 50h52M22 61h34"/>`)}`),
  passport: drawing(
    svg`<rect x="16" y="12" width="64" height="72" rx="7"/><circle cx="38" cy="36" r="8"/><path d="M26 55c3-8 21-8 24 0M26 66h44M26 75h44"/>${faint(svg`<path d="M58 32h12M58 42h12"/>`)}`,
  ),
  camera: drawing(
    svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<rect x="22" y="32" width="36" height="32" rx="7"/><path d="m58 44 16-9v26l-16-9"/>`,
  ),
  blocked: drawing(
    svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<rect x="22" y="32" width="36" height="32" rx="7"/><path d="m58 44 16-9v26l-16-9M20 22l54 54"/>`,
  ),
  good: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="m31 49 12 12 23-25"/>`),
  bad: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="M48 28v25M48 66v1"/>`),
  again: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="M66 43a19 19 0 1 0 1 11M67 30v14H53"/>`),
  clock: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="M48 28v21l13 8"/>`),
  send: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="M48 56V28m-13 13 13-13 13 13M32 66h32"/>`),
  door: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="M44 30H34v36h10M54 38l10 10-10 10M64 48H44"/>`),
  phone: drawing(
    svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<rect x="35" y="24" width="26" height="48" rx="6"/><path d="M46 64h4"/>`,
  ),
  pause: drawing(svg`${faint(svg`<circle cx="48" cy="48" r="42"/>`)}<path d="M40 34v28M56 34v28"/>`),
};

export const gestureArt: Record<Gesture, TemplateResult> = {
  blink: drawing(svg`${HEAD}<g class="open">${EYES}</g><path class="shut" d="M32 45c2 2 6 2 8 0M56 45c2 2 6 2 8 0"/>${SMILE}`, "blink"),
  mouth: drawing(svg`${HEAD}${EYES}<ellipse class="lips" cx="48" cy="62" rx="9" ry="9"/>`, "mouth"),
  nod: drawing(
    svg`<g class="head">${HEAD}<g class="features">${EYES}${SMILE}</g></g>${faint(svg`<path d="M86 36v26m-5-6 5 6 5-6"/>`)}`,
    "nod",
  ),
  shake: drawing(
    svg`<g class="head">${HEAD}<g class="features">${EYES}${SMILE}</g></g>${faint(svg`<path d="M32 91h34m-6-5 6 5-6 5M38 86l-6 5 6 5"/>`)}`,
    "shake",
  ),
};

const icon = (path: string): TemplateResult =>
  html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  close: icon("M6 6l12 12M18 6 6 18"),
  voice: icon("M4 10v4h4l5 4V6l-5 4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"),
  mute: icon("M4 10v4h4l5 4V6l-5 4zM17 9.5l5 5M22 9.5l-5 5"),
  shutter: icon(
    "M9 5h6l1.5 2H20a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h3.5zM12 16.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8",
  ),
  tick: html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m5 13 4.5 4.5L19 7.5" /></svg>`,
};

/** Which way to go, by tip. */
export const arrows: Record<string, TemplateResult> = {
  move_left: icon("M19 12H5M11 6l-6 6 6 6"),
  move_right: icon("M5 12h14M13 6l6 6-6 6"),
  move_up: icon("M12 19V5M6 11l6-6 6 6"),
  move_down: icon("M12 5v14M6 13l6 6 6-6"),
};

export const artStyles = css`
  .gesture .shut {
    opacity: 0;
  }
  .blink .open {
    animation: eyes-open 1.8s infinite;
  }
  .blink .shut {
    animation: eyes-shut 1.8s infinite;
  }
  .mouth .lips {
    transform-origin: 48px 62px;
    animation: lips 1.8s ease-in-out infinite;
  }
  .nod .features {
    animation: nod 1.6s ease-in-out infinite;
  }
  .shake .features {
    animation: shake 2.2s ease-in-out infinite;
  }
  @keyframes eyes-open {
    0%,
    24%,
    36%,
    56%,
    68%,
    100% {
      opacity: 1;
    }
    25%,
    35%,
    57%,
    67% {
      opacity: 0;
    }
  }
  @keyframes eyes-shut {
    0%,
    24%,
    36%,
    56%,
    68%,
    100% {
      opacity: 0;
    }
    25%,
    35%,
    57%,
    67% {
      opacity: 1;
    }
  }
  @keyframes lips {
    0%,
    100% {
      transform: scale(0.9, 0.15);
    }
    45%,
    60% {
      transform: scale(1, 1.2);
    }
  }
  @keyframes nod {
    0%,
    100% {
      transform: translateY(-4px);
    }
    50% {
      transform: translateY(11px);
    }
  }
  @keyframes shake {
    0%,
    100% {
      transform: translateX(0);
    }
    25% {
      transform: translateX(-11px);
    }
    75% {
      transform: translateX(11px);
    }
  }
`;
