/** `<openekyc-capture>`: the core with a face. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Capture, type Memory, type View } from "../capture.ts";
import { direction, LANGUAGES, type Language, pick } from "../language.ts";
import { layout } from "../lens.ts";
import { type Catalogue, load, type Translate, translator } from "../locale.ts";
import { ENDS, type EventName, RUNNING, type State } from "../machine.ts";
import { DEFAULT_BRAND, palette } from "../theme.ts";
import type { TrackerFiles } from "../tracker/tracker.ts";
import { Announcer } from "./announce.ts";
import { artStyles, icons } from "./art.ts";
import { plain } from "./asked.ts";
import { finder } from "./document.ts";
import { panel } from "./panels.ts";
import { stage } from "./stage.ts";
import { styles } from "./styles.ts";
import { prompt, words } from "./words.ts";

const ON_STAGE: readonly State[] = ["position", ...RUNNING]; // the face before the camera
const FILMED: readonly State[] = ["document_frame", ...ON_STAGE]; // ... or a document

/** Where the element's code finds the tracker's files; set by the entry that was loaded. */
let files: ((base: string) => TrackerFiles) | null = null;
export function setTrackerFiles(found: (base: string) => TrackerFiles): void {
  files = found;
}

export class OpenekycCapture extends LitElement {
  static override styles = [styles, artStyles];
  static override properties = {
    token: {},
    base: {},
    language: { attribute: "lang" },
    theme: { reflect: true },
    brand: {},
    voice: { type: Boolean, reflect: true },
    finishes: { type: Boolean },
    noTracker: { type: Boolean, attribute: "no-tracker" },
    texts: { attribute: false },
    memory: { attribute: false },
    view: { state: true },
    t: { state: true },
    copied: { state: true },
    noLogo: { state: true },
  };

  /** The SdkToken or BizToken; setting it begins. */
  declare token: string;
  /** Address of the server, "" for the page's own origin. */
  declare base: string;
  /** A BCP 47 tag; "" for the browser's languages. */
  declare language: string;
  declare theme: "auto" | "light" | "dark";
  /** `#rrggbb`; "" for the server's, then the default. */
  declare brand: string;
  /** Read prompts aloud. */
  declare voice: boolean;
  /** The page around goes on at `openekyc-finish`, so the last screen has a button for it even if there is no address to go to. */
  declare finishes: boolean;
  declare noTracker: boolean;
  /** Replacements for single texts, by message id. */
  declare texts: Partial<Catalogue>;
  declare memory: Memory | undefined;
  declare view: View | null;
  declare t: Translate;
  declare copied: boolean;
  /** The company's picture could not be loaded. */
  declare noLogo: boolean;

  capture: Capture | null = null;
  /** The language of the texts on the screen. */
  spoken: Language = "en";
  private wanted: Language = "en";
  private chosen: Language | null = null;
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");
  private readonly resized = new ResizeObserver(() => this.arrange());
  private readonly announcer = new Announcer((text) => this.fill(".polite", text));
  private focused: string | null = null;
  private said = "";
  private lamp = false;

  constructor() {
    super();
    this.token = "";
    this.base = "";
    this.language = "";
    this.theme = "auto";
    this.brand = "";
    this.voice = false;
    this.finishes = false;
    this.noTracker = false;
    this.texts = {};
    this.view = null;
    this.t = translator();
    this.copied = false;
    this.noLogo = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.scheme.addEventListener("change", this.dress);
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("pointerdown", this.onAlive);
    this.addEventListener("wheel", this.onAlive, { passive: true });
    this.resized.observe(this);
    this.dress();
    if (this.hasUpdated && !this.capture) this.beginCapture();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.scheme.removeEventListener("change", this.dress);
    this.removeEventListener("keydown", this.onKey);
    this.removeEventListener("pointerdown", this.onAlive);
    this.removeEventListener("wheel", this.onAlive);
    this.resized.disconnect();
    this.announcer.stop();
    this.endCapture();
  }

  /** What the person does. */
  send(event: EventName): void {
    this.capture?.send(event);
  }

  choose(language: Language): void {
    this.chosen = language;
    void this.speak();
  }

  /** The address that opens this session on another device: once, by a code, where that was asked for. "" while the code is on its way. */
  get link(): string {
    const home = this.view?.opened?.page.public_url || new URL(this.base || "/", location.href).href;
    const page = `${home.replace(/\/+$/, "")}/verify`;
    const code = this.view?.state === "handoff" ? this.view.handoffCode : "";
    if (code === null) return "";
    return code ? `${page}#code=${encodeURIComponent(code)}` : `${page}#token=${encodeURIComponent(this.token)}`;
  }

  async copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link);
      this.copied = true;
      this.announcer.announce(this.t("handoff.copied"));
    } catch {
      window.prompt(this.t("handoff.copy"), this.link);
    }
  }

  // --- the capture behind it -----------------------------------------------------------------------------------------

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("language") || changed.has("texts")) void this.speak();
    if ((changed.has("token") || changed.has("base")) && (this.token || changed.get("token"))) this.beginCapture();
    if (changed.has("theme") || changed.has("brand")) this.dress();
  }

  private beginCapture(): void {
    this.endCapture();
    if (!this.token || !this.isConnected) return;
    this.noLogo = false;
    const capture = new Capture({
      token: this.token,
      base: this.base,
      language: this.wanted,
      tracker: this.noTracker || !files ? null : files(this.base),
      ...(this.memory ? { memory: this.memory } : {}),
    });
    this.capture = capture;
    capture.paint = (colour) => this.paint(colour);
    capture.addEventListener("change", () => {
      this.onView(capture.view);
    });
    capture.addEventListener("state", (event) => this.onState((event as CustomEvent<{ state: State; from: State }>).detail));
    capture.video.addEventListener("loadedmetadata", () => this.arrange());
    capture.video.addEventListener("resize", () => this.arrange());
    this.view = capture.view;
    capture.start();
  }

  private endCapture(): void {
    this.capture?.dispose();
    this.capture = null;
  }

  private onView(view: View): void {
    const opened = view.opened !== this.view?.opened;
    const brand = view.brand !== this.view?.brand;
    this.view = view;
    if (brand) this.dress();
    if (!opened || !view.opened) return;
    this.dress();
    void this.speak();
    this.tell("ready", { level: view.opened.level, light: view.opened.light, sandbox: view.opened.sandbox });
  }

  private onState({ state, from }: { state: State; from: State }): void {
    const view = this.capture?.view ?? null;
    this.tell("state", { state, from });
    if (state === "retry" || state === "passed" || state === "failed") {
      const { hint = "", attempts_left = 0 } = view?.outcome ?? {};
      this.tell("outcome", { state: { retry: "retry", passed: "pass", failed: "fail" }[state], hint, attemptsLeft: attempts_left });
    }
    if (state === "left" || state === "timed_out") this.tell("exit", { why: state });
    if (state === "trouble" || state === "expired") this.tell("error", { problem: view?.problem || state });
    if (state === "passed" && view?.opened?.page.skip_result) queueMicrotask(() => this.send("FINISH"));
    if (state === "gone") this.tell("finish", { from, redirectUrl: view?.redirectUrl ?? "" });
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`openekyc-${name}`, { detail, bubbles: true, composed: true }));
  }

  // --- looks and language --------------------------------------------------------------------------------------------

  private readonly dress = (): void => {
    const dark = this.theme === "dark" || (this.theme !== "light" && this.scheme.matches);
    this.dataset["scheme"] = dark ? "dark" : "light";
    const own = getComputedStyle(this).getPropertyValue("--openekyc-brand").trim();
    const brand = this.brand || own || this.view?.opened?.page.theme_color || this.view?.brand.color || DEFAULT_BRAND;
    const colours = palette(brand, dark ? "dark" : "light");
    this.style.setProperty("--_brand", colours.brand);
    this.style.setProperty("--_on-brand", colours.onBrand);
    this.style.setProperty("--_ink", colours.ink);
    this.style.setProperty("--_ink-on-light", palette(brand, "light").ink);
  };

  private async speak(): Promise<void> {
    const fixed = this.language || this.view?.opened?.page.language;
    const language = this.chosen ?? pick(fixed ? [fixed] : navigator.languages);
    this.wanted = language;
    const catalogue = await load(language);
    if (language !== this.wanted) return;
    this.spoken = language;
    this.dir = direction(language);
    this.t = translator(catalogue, this.texts);
    this.tell("language", { language, direction: this.dir });
  }

  /** Fills the screen, in this very frame: not through the template. */
  private paint(colour: string | null): void {
    const frame = this.renderRoot.querySelector<HTMLElement>(".frame");
    if (frame) frame.style.backgroundColor = colour ?? "";
  }

  private arrange(): void {
    const capture = this.capture;
    if (this.view?.state === "document_frame") this.requestUpdate();
    const lens = this.renderRoot?.querySelector<HTMLElement>(".lens");
    const oval = capture?.thresholds?.oval;
    const frame = this.renderRoot?.querySelector<HTMLElement>(".frame");
    if (!capture || !lens || !oval || !frame) return;
    const { videoWidth, videoHeight } = capture.video;
    const { width, height, video } = layout(
      { width: frame.clientWidth, height: frame.clientHeight },
      oval,
      videoHeight ? videoWidth / videoHeight : 4 / 3,
      Number.parseFloat(getComputedStyle(frame).fontSize),
    );
    const set = (name: string, value: number): void => lens.style.setProperty(name, `${value.toFixed(1)}px`);
    set("--_w", width);
    set("--_h", height);
    for (const [place, name] of ["--_vx", "--_vy", "--_vw", "--_vh"].entries()) set(name, video[place] as number);
    set("--_rx", width / 2);
    set("--_ry", height / 2);
    set("--_cx", width / 2 - video[0]);
    set("--_cy", height / 2 - video[1]);
    outline(lens.querySelector(".ring"), width + 18, height + 18);
  }

  // --- the person ----------------------------------------------------------------------------------------------------

  private readonly onAlive = (): void => this.capture?.alive();

  private readonly onKey = (event: KeyboardEvent): void => {
    this.capture?.alive();
    if (event.key !== "Escape" || !this.view) return;
    const end = ENDS.includes(this.view.state) || this.view.state === "boot";
    if (!end) this.send(this.view.state === "leave_ask" ? "STAY" : "CANCEL");
  };

  // --- rendering -----------------------------------------------------------------------------------------------------

  protected override render(): TemplateResult | typeof nothing {
    const { view, t } = this;
    if (!view) return nothing;
    const onStage = ON_STAGE.includes(view.state);
    const shining = view.state === "light" && (view.step?.running ?? false);
    this.lamp = onStage && (this.lamp || view.tip === "more_light");
    const full = onStage && (view.opened?.light ?? false) && !view.noLight;
    return html`
      <div class="frame ${full ? "full" : ""} ${this.lamp ? "lamp" : ""} ${shining ? "shining" : ""}" part="frame" role="region" aria-label=${t("label")} data-state=${view.state}>
        ${this.header(view, t)}
        ${onStage ? stage(this, view, t) : view.state === "document_frame" ? finder(this, view, t) : panel(this, view, t)}
        ${this.banner(view, t)}
        <div class="sr polite" role="status" aria-live="polite"></div>
        <div class="sr assertive" role="alert"></div>
      </div>
    `;
  }

  private header(view: View, t: Translate): TemplateResult {
    const canLeave = ![...ENDS, "boot", "leave_ask", "gone"].includes(view.state);
    const speaks = "speechSynthesis" in globalThis && (view.state === "intro" || FILMED.includes(view.state));
    return html`
      <div class="top" part="header">
        <span class="note">${view.opened?.sandbox ? t("sandbox") : nothing}</span>
        ${view.state === "intro" ? this.languages(t) : nothing}
        ${
          speaks
            ? html`<button class="icon" type="button" aria-pressed=${this.voice} aria-label=${t(this.voice ? "action.voice_off" : "action.voice_on")}
                @click=${() => {
                  this.voice = !this.voice;
                }}>${this.voice ? icons.voice : icons.mute}</button>`
            : nothing
        }
        ${
          canLeave
            ? html`<button class="icon" type="button" part="close" aria-label=${t("action.close")} @click=${() => this.send("CANCEL")}>${icons.close}</button>`
            : nothing
        }
      </div>
    `;
  }

  private languages(t: Translate): TemplateResult {
    const chosen = (event: Event): void => this.choose((event.target as HTMLSelectElement).value as Language);
    return html`<select aria-label=${t("language")} @change=${chosen}>
      ${Object.entries(LANGUAGES).map(([id, name]) => html`<option value=${id} lang=${id} ?selected=${id === this.spoken}>${name}</option>`)}
    </select>`;
  }

  private banner(view: View, t: Translate): TemplateResult | typeof nothing {
    if (!view.online) return html`<div class="banner"><p>${t("offline")}</p></div>`;
    if (view.idleLeft === null) return nothing;
    return html`
      <div class="banner" role="group" aria-label=${t("idle.title")}>
        <p><strong>${t("idle.title")}</strong> ${t("idle.text", { seconds: view.idleLeft })}</p>
        <button class="link" type="button" @click=${() => this.capture?.alive()}>${t("idle.here")}</button>
      </div>
    `;
  }

  protected override updated(): void {
    const { view, t } = this;
    if (!view) return;
    const onStage = ON_STAGE.includes(view.state);
    const filmed = FILMED.includes(view.state);
    if (onStage) this.arrange();
    if (filmed) {
      if (this.capture?.video.paused) void this.capture.video.play().catch(() => {});
    }
    this.moveFocus(view.state === "position" || !onStage ? view.state : "steps");
    this.voices(view, t, filmed);
  }

  /** The heading of every new screen takes the focus, so that keyboard and screen reader go on from there. */
  private moveFocus(screen: string): void {
    if (screen === this.focused) return;
    const first = this.focused === null;
    this.focused = screen;
    if (!first || document.activeElement === this) this.renderRoot.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  private voices(view: View, t: Translate, filmed: boolean): void {
    const bad = ["camera_help", "trouble", "expired", "unsupported"].includes(view.state);
    const { title, text } = words(view, t);
    const line = filmed ? prompt(view, t) : plain(`${title}. ${text}`);
    if (bad) this.fill(".assertive", line);
    else this.announcer.announce(view.idleLeft !== null ? `${t("idle.title")} ${t("idle.here")}` : !view.online ? t("offline") : line);
    if (line === this.said) return;
    this.said = line;
    if (this.voice && filmed) this.read(prompt(view, t));
    if (view.step?.gesture && "vibrate" in navigator && navigator.userActivation?.hasBeenActive)
      navigator.vibrate(view.step.seen ? [30, 40, 30] : 60);
  }

  private read(text: string): void {
    if (!("speechSynthesis" in globalThis)) return;
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = this.spoken;
    speechSynthesis.cancel();
    speechSynthesis.speak(speech);
  }

  private fill(selector: string, text: string): void {
    const region = this.renderRoot.querySelector(selector);
    if (region && region.textContent !== text) region.textContent = text;
  }
}

/** The ring's path in pixels, from the top clockwise: dashes are exact then. */
function outline(ring: Element | null, width: number, height: number): void {
  const [rx, ry] = [width / 2 - 3, height / 2 - 3];
  const path = `M${width / 2} 3a${rx} ${ry} 0 0 1 0 ${2 * ry}a${rx} ${ry} 0 0 1 0 ${-2 * ry}`;
  ring?.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const line of ring?.children ?? []) if (line.getAttribute("d") !== path) line.setAttribute("d", path);
}
