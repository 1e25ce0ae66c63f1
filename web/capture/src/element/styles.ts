import { css } from "lit";

/** Colours come as private variables from `theme.ts`; embedders set `--openekyc-*` and `::part`. */
export const styles = css`
  :host {
    --_bg: var(--openekyc-background, #fff);
    --_text: var(--openekyc-text, #14181f);
    --_muted: #566070;
    --_surface: #f3f5f9;
    --_line: #d9dfe8;
    --_warn: #fff6e0;
    --_warn-text: #5c4300;
    --_good: #157a44;
    --_bad: #b3261e;
    --_radius: var(--openekyc-radius, 14px);
    display: block;
    position: relative;
    min-height: 540px;
    color: var(--_text);
    background: var(--_bg);
    font-family: var(--openekyc-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
    font-size: max(16px, 1rem); /* larger where the person wants larger letters; everything below is in em */
    line-height: 1.5;
    overflow: hidden;
  }
  :host([hidden]) {
    display: none;
  }
  :host([data-scheme="dark"]) {
    --_bg: var(--openekyc-background, #101318);
    --_text: var(--openekyc-text, #f2f4f7);
    --_muted: #a6b0bf;
    --_surface: #1b2029;
    --_line: #343c49;
    --_warn: #33290f;
    --_warn-text: #ffe2a0;
    --_good: #5fd394;
    --_bad: #ff8f86;
    color-scheme: dark;
  }
  * {
    box-sizing: border-box;
  }
  .frame {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    background: var(--_bg);
    container-type: size;
  }
  /* In the dark the screen itself is the lamp. */
  .frame.lamp {
    --_bg: #fff;
    --_text: #14181f;
    --_muted: #566070;
    --_line: #d9dfe8;
    --_surface: #f3f5f9;
    --_ink: var(--_ink-on-light);
    --_good: #157a44;
    color: var(--_text);
    color-scheme: light;
  }
  .frame.full {
    position: fixed;
    z-index: 2147483000;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 4px;
    min-height: 60px;
    padding: 8px 10px;
  }
  .top .note {
    flex: 1;
    padding-inline-start: 8px;
    color: var(--_muted);
    font-size: 0.8125em;
    line-height: 1.3;
  }
  .icon {
    width: 44px;
    height: 44px;
    padding: 10px;
    border: 0;
    border-radius: 50%;
    background: transparent;
    color: var(--_muted);
    cursor: pointer;
  }
  .icon:hover {
    background: var(--_surface);
    color: var(--_text);
  }
  .icon svg {
    display: block;
    width: 24px;
    height: 24px;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 3px solid var(--_ink);
    outline-offset: 2px;
  }
  h1:focus-visible {
    outline: none;
  }
  h1 {
    margin: 0;
    font-size: 1.7em;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.015em;
    text-wrap: balance;
  }
  p {
    margin: 0;
    text-wrap: pretty;
  }

  /* Screens to read */
  .panel {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    display: flex;
    flex-direction: column;
    width: 100%;
    max-width: 28.5em;
    margin: 0 auto;
    padding: 4px 24px 0;
    scroll-padding: 0 0 40%;
    overflow-wrap: break-word;
  }
  .panel::before {
    content: "";
    flex: 1 1 0;
  }
  .panel .actions {
    position: sticky;
    bottom: 0;
    flex: 1.6 0 auto;
    justify-content: flex-end;
    margin: 0 -24px;
    padding: 2em 24px 24px;
    pointer-events: none;
  }
  .panel .actions:not(:last-child) {
    padding-bottom: 12px;
  }
  .panel .more {
    padding: 0 0 24px;
  }
  .panel .actions > * {
    pointer-events: auto;
  }
  .panel .actions:has(.button) {
    background: linear-gradient(transparent, var(--_bg) 1.9em);
  }
  .art {
    width: 96px;
    height: 96px;
    margin-bottom: 20px;
    color: var(--_ink);
  }
  .art svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  .art.good {
    color: var(--_good);
  }
  .art.bad {
    color: var(--_bad);
  }
  .logo {
    flex: none;
    align-self: flex-start;
    height: 40px;
    max-width: 60%;
    margin-bottom: 20px;
    object-fit: contain;
  }
  /* Companies draw for white paper. */
  :host([data-scheme="dark"]) .logo {
    box-sizing: content-box;
    padding: 4px 8px;
    border-radius: 8px;
    background: #fff;
  }
  .lead {
    margin-top: 10px;
    color: var(--_muted);
    font-size: 1.0625em;
  }
  ol {
    margin: 24px 0 0;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 14px;
  }
  li {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 12px;
    align-items: start;
  }
  li .mark {
    width: 2em;
    height: 2em;
    border-radius: 50%;
    display: grid;
    place-items: center;
    background: var(--_surface);
    color: var(--_ink);
    font-size: 0.875em;
    font-weight: 650;
  }
  li .said {
    padding-top: 2px;
  }
  .facts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    margin-top: 14px;
    font-size: 0.9375em;
    white-space: pre-line;
  }
  .links {
    display: flex;
    flex-wrap: wrap;
    margin: 2px -12px -10px;
  }
  .own {
    white-space: pre-line;
  }
  .own.long {
    max-height: min(24cqh, 220px);
    padding: 10px 12px;
    overflow-y: auto;
    border: 1px solid var(--_line);
    border-radius: 10px;
    background: var(--_bg);
  }
  .warning {
    margin-top: 24px;
    padding: 14px 16px;
    border-radius: var(--_radius);
    background: var(--_warn);
    color: var(--_warn-text);
    font-size: 0.9em;
    line-height: 1.45;
  }
  .warning h2 {
    margin: 0 0 4px;
    font-size: 1em;
    font-weight: 650;
  }
  .warning .link {
    color: inherit;
    min-height: 44px;
  }
  .check {
    display: flex;
    gap: 10px;
    align-items: center;
    min-height: 44px;
    margin-top: 4px;
    cursor: pointer;
  }
  .check input {
    width: 22px;
    height: 22px;
    margin: 0;
    flex: none;
    accent-color: var(--_ink);
  }
  .small {
    color: var(--_muted);
    font-size: 0.85em;
    line-height: 1.45;
  }
  .actions,
  .more {
    display: flex;
    flex-direction: column;
    gap: 10px;
  }
  .button {
    min-height: 52px;
    padding: 12px 20px;
    border: 0;
    border-radius: var(--_radius);
    font: inherit;
    font-size: 1.0625em;
    font-weight: 600;
    cursor: pointer;
    color: var(--_on-brand);
    background: var(--_brand);
    transition: box-shadow 0.15s;
  }
  .button:hover {
    box-shadow: 0 0 0 2px var(--_ink); /* a lighter or darker button would cost its text contrast */
  }
  .button.second {
    color: var(--_text);
    background: var(--_surface);
  }
  .button.second:hover {
    background: color-mix(in srgb, var(--_surface), var(--_text) 7%);
    box-shadow: none;
  }
  .top select {
    field-sizing: content;
    max-width: min(200px, 42cqw);
    min-width: 0;
    text-align-last: end; /* by its arrow, where the box is as wide as the longest name */
    border-color: transparent;
    color: var(--_muted);
  }
  .top select:hover {
    border-color: var(--_line);
  }
  .link {
    min-height: 44px;
    padding: 8px 12px;
    border: 0;
    border-radius: 10px;
    background: none;
    color: var(--_ink);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  a.link {
    display: inline-block;
    font-size: 0.9375em;
    text-decoration: none;
  }
  .more .link {
    text-align: center;
  }
  .link:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  select {
    min-height: 44px;
    max-width: 100%;
    padding: 8px 34px 8px 14px;
    border: 1px solid var(--_line);
    border-radius: 10px;
    color: var(--_text);
    appearance: none;
    background: var(--_bg) conic-gradient(from -45deg at bottom, var(--_muted) 90deg, #0000 0) right 14px center / 10px 5px no-repeat;
    font: inherit;
    font-size: 0.9375em;
    text-overflow: ellipsis;
  }
  :host([dir="rtl"]) select {
    padding: 8px 14px 8px 34px;
    background-position-x: left 14px;
  }
  .panel > .pick {
    margin-top: 20px;
  }
  .lead + .small,
  .code + .small {
    margin-top: 14px;
  }
  .code + .small {
    text-align: center;
  }
  .pick select {
    min-width: 0;
    max-width: 260px;
  }
  .pick {
    max-width: 100%;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .bar {
    height: 6px;
    margin-top: 24px;
    border-radius: 3px;
    background: var(--_surface);
    overflow: hidden;
  }
  .bar i {
    display: block;
    height: 100%;
    width: 100%;
    border-radius: 3px;
    background: var(--_ink);
    transform-origin: left;
    transition: transform 0.25s;
  }
  :host([dir="rtl"]) .bar i {
    transform-origin: right;
  }
  .bar.busy i {
    width: 36%;
    animation: sweep 1.4s ease-in-out infinite alternate;
  }
  @keyframes sweep {
    from {
      transform: translateX(0);
    }
    to {
      transform: translateX(178%);
    }
  }
  .code {
    align-self: center;
    width: min(232px, 70cqw);
    margin-top: 20px;
    padding: 14px;
    border-radius: var(--_radius);
    background: #fff;
    border: 1px solid var(--_line);
  }
  .code svg {
    display: block;
    width: 100%;
  }
  .banner {
    position: absolute;
    z-index: 3;
    inset-inline: 12px;
    top: 12px;
    max-width: 440px;
    margin: 0 auto;
    padding: 12px 16px;
    border-radius: var(--_radius);
    background: var(--_text);
    color: var(--_bg);
    box-shadow: 0 10px 30px rgb(0 0 0 / 0.2);
    font-size: 0.9375em;
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .banner p {
    flex: 1;
  }
  .banner .link {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  /* The camera */
  .stage {
    flex: 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    padding: 0 16px 16px;
    overflow: hidden auto;
  }
  .say {
    flex: 1 1 0;
    min-height: 96px;
    width: 100%;
    max-width: 560px;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 14px;
    padding-bottom: 16px;
    text-align: center;
  }
  .say .text {
    font-size: clamp(1.25em, 5.6cqw, 1.7em);
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.012em;
    text-wrap: balance;
  }
  .say .gesture + .text {
    text-align: start; /* by its picture */
  }
  .say .gesture {
    flex: none;
    width: 84px;
    height: 84px;
    color: var(--_ink);
  }
  .say .gesture svg {
    width: 100%;
    height: 100%;
  }
  .shining .say {
    gap: 0;
  }
  .shining .text {
    padding: 10px 18px;
    border-radius: 999px;
    background: rgb(16 19 24 / 0.82);
    color: #fff;
    font-size: 1.125em;
  }
  .lens {
    position: relative;
    flex: none;
    width: var(--_w, 240px);
    height: var(--_h, 340px);
  }
  .feed {
    position: absolute;
    left: var(--_vx, 0);
    top: var(--_vy, 0);
    width: var(--_vw, 100%);
    height: var(--_vh, 100%);
    overflow: hidden;
    -webkit-mask-image: var(--_mask);
    mask-image: var(--_mask);
    -webkit-mask-composite: source-in;
    mask-composite: intersect;
    --_mask: radial-gradient(
        var(--_rx) var(--_ry) at var(--_cx) var(--_cy),
        #000 99%,
        rgb(0 0 0 / 0.16) 100%,
        rgb(0 0 0 / 0.07) 125%,
        transparent 160%
      ),
      linear-gradient(transparent, #000 9%, #000 91%, transparent), linear-gradient(90deg, transparent, #000 9%, #000 91%, transparent);
  }
  .shining .feed {
    --_mask: radial-gradient(var(--_rx) var(--_ry) at var(--_cx) var(--_cy), #000 99%, transparent 100%);
  }
  .feed video {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: fill;
    transform: scaleX(-1);
  }
  .ring {
    position: absolute;
    inset: -9px;
    width: calc(100% + 18px);
    height: calc(100% + 18px);
    overflow: visible;
  }
  .ring path {
    fill: none;
    stroke-width: 5px;
    stroke-linecap: round;
  }
  .ring .track {
    stroke: var(--_line);
  }
  .ring .done {
    stroke: var(--_ink);
    stroke-dasharray: 1 1;
    stroke-dashoffset: calc(1 - var(--_share, 0));
    transition: stroke-dashoffset 0.2s linear;
  }
  .ring.timed .done {
    transition: none;
    animation: fill var(--_time, 1s) linear forwards;
  }
  .ring.good .done {
    stroke: var(--_good);
    animation: none;
    stroke-dashoffset: 0;
  }
  @keyframes fill {
    from {
      stroke-dashoffset: 1;
    }
    to {
      stroke-dashoffset: 0;
    }
  }
  .shining .ring {
    visibility: hidden;
  }
  .towards {
    position: absolute;
    width: 44px;
    height: 44px;
    padding: 8px;
    border-radius: 50%;
    background: var(--_brand);
    color: var(--_on-brand);
    box-shadow: 0 4px 14px rgb(0 0 0 / 0.18);
    animation: nudge 0.9s ease-in-out infinite alternate;
  }
  .towards svg {
    display: block;
  }
  .towards.move_left {
    left: -8px;
    top: calc(50% - 22px);
    --_to: translateX(-8px);
  }
  .towards.move_right {
    right: -8px;
    top: calc(50% - 22px);
    --_to: translateX(8px);
  }
  .towards.move_up {
    top: -8px;
    left: calc(50% - 22px);
    --_to: translateY(-8px);
  }
  .towards.move_down {
    bottom: -8px;
    left: calc(50% - 22px);
    --_to: translateY(8px);
  }
  @keyframes nudge {
    to {
      transform: var(--_to);
    }
  }
  .tick {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: #fff;
  }
  .tick svg {
    width: 84px;
    height: 84px;
    padding: 18px;
    border-radius: 50%;
    background: var(--_tick, #157a44);
    animation: pop 0.25s ease-out;
  }
  @keyframes pop {
    from {
      transform: scale(0.6);
      opacity: 0;
    }
  }
  .foot {
    flex: 1 1 0;
    min-height: 92px;
    width: 100%;
    max-width: 440px;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: flex-end;
    gap: 6px;
    padding-top: 20px;
  }
  .shining .foot,
  .shining .top {
    visibility: hidden;
  }
  .shows {
    padding-inline: 0;
  }
  .shows .say {
    flex: none;
    min-height: 68px;
    padding: 0 16px 12px;
  }
  .shows .foot {
    flex: none;
    min-height: 0;
    padding-inline: 16px;
  }
  .room {
    flex: 1 1 0;
    align-self: stretch;
    min-height: 120px;
    display: grid;
    place-items: center;
    container-type: size;
  }
  .finder {
    position: relative;
    width: min(100cqw, 960px, 100cqh * var(--_form));
    aspect-ratio: var(--_form);
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .window {
    position: absolute;
  }
  .window video {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: fill;
  }
  .guide {
    position: absolute;
    border: 3px solid #fff;
    border-radius: 12px;
    box-shadow: 0 0 0 100vmax rgb(10 12 16 / 0.45);
    overflow: clip;
    overflow-clip-margin: 100vmax;
  }
  .guide.good {
    border-color: #3ddc84;
  }
  .guide i {
    position: absolute;
    inset-inline: 0;
    bottom: 0;
    height: 6px;
    background: #3ddc84;
    transform-origin: left;
    transition: transform 0.12s linear;
  }
  :host([dir="rtl"]) .guide i {
    transform-origin: right;
  }
  .shutter {
    width: 72px;
    height: 72px;
    padding: 18px;
    border: 0;
    border-radius: 50%;
    color: var(--_on-brand);
    background: var(--_brand);
    box-shadow:
      0 0 0 4px var(--_bg),
      0 0 0 6px var(--_brand);
    cursor: pointer;
  }
  .shutter svg {
    display: block;
  }
  .file {
    display: flex;
    align-items: center;
    justify-content: center;
    text-align: center;
    position: relative;
  }
  .file:focus-within {
    outline: 3px solid var(--_ink);
    outline-offset: 2px;
  }
  .photo {
    align-self: center;
    max-width: 100%;
    max-height: 34cqh;
    margin-top: 20px;
    border-radius: var(--_radius);
  }
  .photos {
    display: flex;
    gap: 10px;
    margin-top: 14px;
  }
  .photos .photo {
    flex: 0 1 auto;
    min-width: 0;
    max-height: 26cqh;
    margin: 0;
    object-fit: contain;
    align-self: flex-start;
  }
  .fields {
    display: grid;
    gap: 14px;
    margin-top: 20px;
  }
  .field {
    display: grid;
    gap: 4px;
  }
  .field span {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .field b {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .field input {
    width: 100%;
    min-height: 46px;
    padding: 8px 14px;
    border: 1px solid var(--_line);
    border-radius: 10px;
    color: var(--_text);
    background: var(--_bg);
    font: inherit;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* Where there is room, what to press stands by what was read. */
  @container (min-width: 700px) and (min-height: 40em) {
    .panel .actions {
      flex: none;
    }
    .panel::after {
      content: "";
      flex: 1.6 0 0;
    }
  }
  @container (min-width: 44em) {
    .panel.document_review:has(.photos) {
      max-width: 56em;
    }
    .review:has(.photos) {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 24px;
      align-items: start;
    }
    .review .photos {
      position: sticky;
      top: 0;
      flex-direction: column;
      margin-top: 24px;
    }
    .review .photo {
      max-height: 40cqh;
    }
  }
  @container (max-width: 27.5em) {
    .top:has(select) {
      flex-wrap: wrap;
    }
    .top:has(select) .note:not(:empty) {
      flex: 1 0 100%;
      order: 1;
      padding-bottom: 4px;
    }
  }
  @container (max-height: 50em) {
    .panel.intro .art {
      width: 64px;
      height: 64px;
      margin-bottom: 14px;
    }
    .panel.intro ol {
      margin-top: 16px;
      gap: 10px;
    }
    .panel.intro .warning {
      margin-top: 16px;
    }
  }
  @container (max-height: 38.75em) {
    .panel.intro .art {
      display: none;
    }
    .panel .actions {
      padding-bottom: 12px;
    }
    .top {
      min-height: 52px;
      padding: 4px 8px;
    }
    .say {
      min-height: 72px;
      padding-bottom: 12px;
    }
    .say .gesture {
      width: 60px;
      height: 60px;
    }
    .foot {
      min-height: 64px;
      padding-top: 14px;
    }
    .art {
      width: 64px;
      height: 64px;
      margin-bottom: 12px;
    }
    h1 {
      font-size: 1.5em;
    }
  }
  @container (max-height: 30em) and (min-width: 35em) {
    .stage {
      flex-direction: row;
      gap: 24px;
      justify-content: center;
    }
    .say {
      flex-direction: column;
      padding: 0;
    }
    .say .gesture + .text {
      text-align: center;
    }
    .foot {
      justify-content: center;
      padding: 0;
    }
    .shows {
      gap: 0;
    }
    .room {
      flex-grow: 2.4;
    }
    .shows .say,
    .shows .foot {
      flex: 1 1 0;
      min-width: 0;
    }
    .shows .pick {
      flex-wrap: wrap;
    }
  }
  /* So little room that what stuck would cover what is to be read. */
  @container (max-height: 24em) {
    .panel .actions {
      position: static;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .button,
    .icon,
    .shutter,
    .link {
      border: 1px solid ButtonText;
    }
  }
`;
