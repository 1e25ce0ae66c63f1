/**
 * The simulated subject as this page's camera. It sees what a person would see: the colour the page really paints and the words it really
 * shows. What the camera then shows is drawn in `subject_worker.js`.
 *
 * Knobs: kind "live" | "photo" (a flat print that answers nothing) | "none" (an empty room); gain 0..1 (light of a white screen, 0: reflects
 * nothing); ambient; lag (ms from screen to camera); wrong (answers every prompt with another gesture); seed; noise; denied, busy, missing
 * (no camera); cameras (how many).
 */
function installSubject(parts, wishes) {
  if (!navigator.mediaDevices) return; // the blank page before the first
  const knobs = { kind: "live", gain: 0.3, ambient: 0.75, lag: 80, wrong: false, seed: 7, noise: 1.5, cameras: 1, ...wishes };
  window.subject = { knobs, prompts: [], colours: [] };
  let worker = null;
  let told = "";
  let colour = [235, 235, 235];
  let read = "";

  // --- what the person sees -------------------------------------------------------------------------------------------
  const SAID = { "Blink twice": "blink", "Open your mouth wide, then close it": "mouth", "Nod your head": "nod", "Turn your head left, then right": "shake", ...knobs.said };
  function readPrompt(now) {
    const text = document.querySelector("openekyc-capture")?.shadowRoot?.querySelector("[part=prompt]")?.textContent?.trim() ?? "";
    if (text === read) return;
    read = text;
    const gesture = SAID[text];
    if (!gesture) return;
    window.subject.prompts.push({ gesture, at: now });
    worker?.postMessage({ gesture });
  }
  function painted(x, y) {
    let root = document;
    for (let depth = 0; depth < 4; depth++) {
      for (const element of root.elementsFromPoint(x, y)) {
        const inner = element.shadowRoot;
        if (inner && inner !== root && inner.elementsFromPoint(x, y).length) {
          root = inner;
          break;
        }
        const [r, g, b, a = 1] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
        if (a > 0.5) return [r, g, b];
      }
      if (root === document) break;
    }
    return [255, 255, 255];
  }
  function watch() {
    const now = performance.now();
    const { innerWidth: w, innerHeight: h } = window;
    const points = [[8, h / 2], [w - 8, h - 8]].map(([x, y]) => painted(x, y));
    const seen = [0, 1, 2].map((channel) => points.reduce((sum, point) => sum + point[channel], 0) / points.length);
    if (seen.some((part, channel) => part !== colour[channel])) {
      colour = seen;
      window.subject.colours.push({ at: now, colour });
      worker?.postMessage({ colour });
    }
    const wanted = JSON.stringify(knobs);
    if (wanted !== told) worker?.postMessage({ knobs: { ...knobs } });
    told = wanted;
    readPrompt(now);
    requestAnimationFrame(watch);
  }

  // --- the camera -----------------------------------------------------------------------------------------------------
  /** A track, and where the worker's frames go: into it where the browser has generators of tracks, else here, onto a canvas that is filmed. */
  function source({ width, height }) {
    if (globalThis.MediaStreamTrackGenerator) {
      const track = new MediaStreamTrackGenerator({ kind: "video" });
      return { track, writable: track.writable, show: () => {} };
    }
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { alpha: false });
    const [track] = canvas.captureStream().getVideoTracks();
    return { track, show: (frame) => context.drawImage(frame, 0, 0) };
  }
  function camera() {
    const { track, writable, show } = source(parts);
    const { width, height, rate: frameRate } = parts;
    const own = new Worker("/subject_worker.js"); // answered by the test, not by the server
    own.onmessage = ({ data: frame }) => {
      show(frame);
      frame.close();
    };
    own.postMessage({ parts, knobs: { ...knobs }, writable }, writable ? [writable] : []);
    own.postMessage({ colour });
    worker = own;
    const stop = track.stop.bind(track);
    track.stop = () => {
      own.postMessage({ stop: true });
      stop();
    };
    track.getSettings = () => ({ width, height, frameRate, deviceId: "subject-0" });
    window.subject.track = track;
    return new MediaStream([track]);
  }

  const refused = (name) => Promise.reject(new DOMException(name, name));
  navigator.mediaDevices.getUserMedia = async () => {
    if (knobs.denied) return refused("NotAllowedError");
    if (knobs.busy) return refused("NotReadableError");
    if (knobs.missing) return refused("NotFoundError");
    return camera();
  };
  navigator.mediaDevices.enumerateDevices = async () =>
    Array.from({ length: knobs.cameras }, (_, place) => ({ kind: "videoinput", deviceId: `subject-${place}`, label: `Simulated camera ${place + 1}`, groupId: "" }));
  requestAnimationFrame(watch);
}
