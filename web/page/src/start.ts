/** The start page: what this is, and trying it in a minute. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { art } from "../../capture/src/element/art.ts";
import { direction, LANGUAGES, type Language, pick } from "../../capture/src/language.ts";
import { type Demo, DemoError, demo, type Result, type Simulation } from "./demo.ts";
import { isMessage, load, type MessageId, type Translate, translator } from "./locale.ts";
import { startStyles } from "./start-styles.ts";
import { tabMemory } from "./token.ts";

const POLL_MS = 700;
const FRAME_MS = 120;
const SUBJECTS = ["live", "photo", "display", "replay", "old"] as const;
/** What the simulated subject's program tells. */
const PROGRESS = /^attempt (\d+): (capturing|waiting)/;

class Start extends LitElement {
  static override styles = startStyles;
  static override properties = {
    about: { state: true },
    level: { state: true },
    subject: { state: true },
    simulation: { state: true },
    results: { state: true },
    fault: { state: true },
    busy: { state: true },
    frame: { state: true },
    copied: { state: true },
    t: { state: true },
  };

  declare about: Demo | null;
  declare level: number;
  declare subject: string;
  declare simulation: Simulation | null;
  declare results: Result[];
  declare fault: DemoError | null;
  declare busy: boolean;
  /** Counts the simulated camera's pictures; 0 while there is none. */
  declare frame: number;
  declare copied: boolean;
  declare t: Translate;
  private readonly memory = tabMemory();
  private language: Language = "en";
  private readonly back = new URLSearchParams(location.search).get("token") ?? "";

  constructor() {
    super();
    this.about = null;
    this.level = 4;
    this.subject = "live";
    this.simulation = null;
    this.results = [];
    this.fault = null;
    this.busy = false;
    this.frame = 0;
    this.copied = false;
    this.t = translator();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const chosen = this.memory.get("language");
    void this.speak(pick(chosen ? [chosen] : navigator.languages));
    if (this.back) history.replaceState(null, "", location.pathname);
    void this.tried(async () => {
      this.about = await demo.about();
      await this.refresh();
      this.simulation = await demo.simulation();
      if (this.simulation.state === "running") await this.follow();
    });
  }

  private async speak(language: Language): Promise<void> {
    this.language = language;
    const catalogue = await load(language);
    if (language !== this.language) return;
    this.t = translator(catalogue);
    this.dir = direction(language);
    Object.assign(document.documentElement, { lang: language, dir: this.dir });
  }

  private readonly choose = (event: Event): void => {
    const language = (event.target as HTMLSelectElement).value as Language;
    this.memory.set("language", language);
    void this.speak(language);
  };

  private async refresh(): Promise<void> {
    this.results = (await demo.results()).results;
  }

  private async tried(action: () => Promise<void>): Promise<void> {
    this.fault = null;
    try {
      await action();
    } catch (error) {
      this.fault = error instanceof DemoError ? error : new DemoError("failed", String(error), "");
    } finally {
      this.busy = false;
    }
  }

  private readonly withCamera = (): Promise<void> => {
    this.busy = true;
    return this.tried(async () => {
      const { verify } = await demo.session(this.level, "me");
      location.assign(this.memory.get("language") ? verify.replace("#", `?lang=${this.language}#`) : verify);
    });
  };

  private readonly withSubject = (): Promise<void> => {
    this.busy = true;
    return this.tried(async () => {
      const { token } = await demo.session(this.level, "simulated");
      this.simulation = await demo.simulate(token, this.subject);
      await this.follow();
    });
  };

  private async follow(): Promise<void> {
    this.frame = 0;
    void this.watch();
    while (this.simulation?.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      this.simulation = await demo.simulation();
    }
    await this.refresh();
  }

  /** One picture after the other, as fast as they come, and the last one stays. */
  private async watch(): Promise<void> {
    for (let turn = Date.now(), running = true; running; turn++) {
      running = this.simulation?.state === "running";
      const picture = new Image();
      picture.src = demo.frame(turn);
      if (
        await picture.decode().then(
          () => true,
          () => false,
        )
      )
        this.frame = turn;
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
  }

  private readonly copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(this.about?.python ?? "").catch(() => {});
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 2000);
  };

  protected override render(): TemplateResult {
    const { t } = this;
    return html`
      <main>
        <header>
          <div class="top">
            <p class="brand"><span class="mark">${art.face}</span>openekyc</p>
            <a class="docs" href="docs/" hreflang="en">${t("docs")}</a>
            <select class="language" aria-label=${t("language")} @change=${this.choose}>
              ${Object.entries(LANGUAGES).map(([id, name]) => html`<option value=${id} lang=${id} .selected=${id === this.language}>${name}</option>`)}
            </select>
          </div>
          <h1>${t("title")}</h1>
          <p class="lead">${t("lead")}</p>
        </header>
        ${this.fault ? this.faultBox(this.fault, t) : nothing}
        ${this.about ? this.tryIt(this.about, t) : nothing}
        ${this.about && this.results.length ? this.resultsBox(t) : nothing}
        ${this.about ? this.integrate(this.about, t) : nothing}
      </main>
    `;
  }

  /** What is not in the catalogues is shown as the server says it, in English. */
  private faultBox({ problem, message, remedy }: DemoError, t: Translate): TemplateResult {
    const id = `fault.${problem}`;
    const known = isMessage(id);
    return html`
      <section class="note" role=${problem === "demo_off" ? "status" : "alert"}>
        <p>${t(known ? id : "fault.other")} ${known ? nothing : html`<span lang="en" dir="ltr">${message} ${remedy}</span>`}</p>
      </section>
    `;
  }

  private tryIt(about: Demo, t: Translate): TemplateResult {
    const running = this.simulation?.state === "running";
    return html`
      <section aria-labelledby="level">
        <h2 id="level">${t("level.title")}</h2>
        <div class="levels" role="radiogroup" aria-labelledby="level">${about.levels.map((level) => this.levelChoice(level, t))}</div>
        <p class="hint">${t(`level.${this.level}.text` as MessageId)}</p>
      </section>
      <div class="cards">
        <section class="card">
          <div class="art">${art.camera}</div>
          <h2>${t("me.title")}</h2>
          <p>${t("me.text")}</p>
          <button class="button" type="button" ?disabled=${this.busy} @click=${this.withCamera}>${t("me.start")}</button>
        </section>
        <section class="card">
          <div class="art">${art.face}</div>
          <h2>${t("simulated.title")}</h2>
          <label>${t("simulated.who")}
            <select @change=${(event: Event) => {
              this.subject = (event.target as HTMLSelectElement).value;
            }}>
              ${SUBJECTS.map((kind) => html`<option value=${kind} ?selected=${kind === this.subject}>${t(`subject.${kind}`)}</option>`)}
            </select>
          </label>
          <button class="button second" type="button" ?disabled=${this.busy || running} @click=${this.withSubject}>${t("simulated.start")}</button>
          ${this.simulation && this.simulation.state !== "idle" ? this.progress(this.simulation, t) : nothing}
        </section>
      </div>
      <p class="hint">${t("sandbox")}</p>
    `;
  }

  private levelChoice(level: number, t: Translate): TemplateResult {
    return html`<label class="level"><input type="radio" name="level" .value=${String(level)} .checked=${level === this.level} @change=${() => {
      this.level = level;
    }} /><span><b>${level}</b> ${t(`level.${level}.name` as MessageId)}</span></label>`;
  }

  private progress({ state, lines, outcome }: Simulation, t: Translate): TemplateResult {
    const end = state === "failed" ? t("outcome.failed") : state === "done" ? t(`outcome.${outcome || "done"}`) : "";
    return html`
      <div class="progress" role="status" aria-live="polite">
        ${state === "running" ? html`<div class="bar"><i></i></div>` : nothing}
        ${end ? html`<p class="end ${outcome}">${end}</p>` : nothing}
        ${this.frame ? html`<img class="frame ${outcome}" src=${demo.frame(this.frame)} alt=${t("simulated.frame")} />` : nothing}
        <ul>${lines.slice(-5).map((line) => this.line(line, t))}</ul>
      </div>
    `;
  }

  private line(text: string, t: Translate): TemplateResult {
    const [, attempt, doing] = PROGRESS.exec(text) ?? [];
    if (!attempt) return html`<li lang="en" dir="ltr">${text}</li>`;
    return html`<li>${t(doing === "capturing" ? "progress.capturing" : "progress.judging", { attempt })}</li>`;
  }

  private resultsBox(t: Translate): TemplateResult {
    return html`
      <section aria-labelledby="results">
        <h2 id="results">${t("results.title")}</h2>
        <div class="table" tabindex="0" role="group" aria-labelledby="results">
          <table>
            <thead><tr>
              <th>${t("results.when")}</th><th>${t("results.level")}</th><th>${t("results.who")}</th><th>${t("results.result")}</th><td></td>
            </tr></thead>
            <tbody>${this.results.map((result) => this.row(result, t))}</tbody>
          </table>
        </div>
      </section>
    `;
  }

  private row(result: Result, t: Translate): TemplateResult {
    const when = new Date(typeof result.when === "number" ? 1000 * result.when : result.when);
    const tone = result.passed === null ? "" : result.passed ? "pass" : "fail";
    const id = `code.${result.code}`;
    const said = isMessage(id) ? t(id) : html`<span lang="en" dir="ltr">${result.description}</span>`;
    return html`
      <tr class=${result.token === this.back ? "new" : ""}>
        <td>${when.toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit" })}</td>
        <td>${result.level}</td>
        <td>${t(result.who === "me" ? "results.me" : "results.simulated")}</td>
        <td class="said"><span class="dot ${tone}"></span>${said}${result.without_light ? html` <span class="muted">(${t("results.without_light")})</span>` : nothing}</td>
        <td>${result.explain ? html`<a href=${result.explain} hreflang="en">${t("results.why")}</a>` : nothing}</td>
      </tr>
    `;
  }

  private integrate(about: Demo, t: Translate): TemplateResult {
    return html`
      <section aria-labelledby="code">
        <h2 id="code">${t("backend.title")}</h2>
        <p>${t("backend.text")}</p>
        <div class="code" dir="ltr">
          <button class="button second small" type="button" @click=${this.copy}>${t(this.copied ? "backend.copied" : "backend.copy")}</button>
          <pre tabindex="0" role="group" aria-labelledby="code"><code>${about.python}</code></pre>
        </div>
      </section>
    `;
  }
}

customElements.define("openekyc-start", Start);
