/**
 * The simulated subject itself, in a worker of its own, as a person is beside the page and not a part of it: it moves as a relief, so it has
 * parallax, and is lit by Lambert's law in linear light, as `openekyc.simulator` does it. `subject.js` tells it what the page shows.
 *
 * Messages in: {parts, knobs, writable} once (without a writable the frames are sent to the page); {knobs}, {colour, at}, {gesture} as they change; {stop}. Moments are in this worker's clock.
 */
function subject(parts, knobs, writer) {
  // --- chance, repeatable ---------------------------------------------------------------------------------------------
  let state = knobs.seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low, high) => low + (high - low) * random();

  // --- motion ---------------------------------------------------------------------------------------------------------
  let acts = [];
  let busyUntil = 0;
  const keys = (channel, start, durations, values) => {
    const frames = [[start, values[0]]];
    durations.forEach((duration, place) => frames.push([frames[place][0] + duration, values[place + 1]]));
    return { channel, frames };
  };
  const moves = {
    blink: (start) => keys("lids", start, [between(80, 100), between(90, 130), between(110, 150)], [0, 1, 1, 0]),
    mouth: (start) => keys("jaw", start, [between(250, 400), between(600, 900), between(250, 400)], [0, 0.8, 0.75, 0]),
    nod: (start) => keys("pitch", start, [between(350, 500), between(80, 200), between(350, 550)], [0, 20, 19, 0]),
    shake: (start) => {
      const side = random() < 0.5 ? -1 : 1;
      return keys("yaw", start, [between(300, 450), 100, between(500, 700), 100, between(300, 450)], [0, 21 * side, 21 * side, -21 * side, -21 * side, 0]);
    },
  };
  function perform(gesture, now) {
    let start = now + between(300, 600);
    for (let turn = 0; turn < (gesture === "blink" ? 2 : 1); turn++) {
      const act = moves[gesture](start);
      acts.push(act);
      start = act.frames.at(-1)[0] + between(250, 350);
    }
    busyUntil = start + 600;
  }
  function value(channel, now) {
    let sum = 0;
    for (const act of acts) {
      if (act.channel !== channel) continue;
      for (let place = 1; place < act.frames.length; place++) {
        const [begin, low] = act.frames[place - 1];
        const [end, high] = act.frames[place];
        if (now < begin || now >= end) continue;
        const share = (now - begin) / (end - begin);
        sum += low + (high - low) * share * share * (3 - 2 * share);
      }
    }
    return sum;
  }
  const sway = Object.fromEntries(
    Object.entries({ yaw: 1, pitch: 0.7, roll: 0.6, x: 2.5, y: 1.5, zoom: 0.004 }).map(([channel, size]) => [
      channel,
      [[0.7, 0.2], [0.4, 0.5], [0.2, 1.1]].map(([share, hertz]) => [size * share * between(0.7, 1.2), (2 * Math.PI * hertz) / 1000, between(0, 6.28)]),
    ]),
  );
  const swaying = (channel, now) => sway[channel].reduce((sum, [size, speed, phase]) => sum + size * Math.sin(speed * now + phase), 0);
  let nextBlink = performance.now() + between(2500, 6000);
  function look(now) {
    if (now < busyUntil) nextBlink = now + between(2500, 6000);
    else if (now > nextBlink) {
      acts.push(moves.blink(now));
      nextBlink = now + between(2500, 6000);
    }
    acts = acts.filter((act) => act.frames.at(-1)[0] > now - 100);
    const seen = { lids: value("lids", now), jaw: value("jaw", now) };
    for (const channel of Object.keys(sway)) seen[channel] = swaying(channel, now) + value(channel, now);
    return seen;
  }

  // --- what the person sees -------------------------------------------------------------------------------------------
  const OTHER = { blink: "mouth", mouth: "nod", nod: "shake", shake: "mouth" };
  const screenLog = [[-Infinity, [235, 235, 235]]];
  function screenAt(now) {
    for (let place = screenLog.length - 1; place >= 0; place--) if (screenLog[place][0] <= now) return screenLog[place][1];
    return screenLog[0][1];
  }

  const hear = {
    knobs: (changed) => Object.assign(knobs, changed),
    colour: (colour) => screenLog.push([performance.now(), colour]),
    gesture: (gesture) => {
      if (knobs.kind === "live") perform(knobs.wrong ? OTHER[gesture] : gesture, performance.now());
    },
    stop: () => {},
  };

  // --- the camera -----------------------------------------------------------------------------------------------------
  // Drawn on the CPU: where there is no graphics card, WebGL costs ten times as much and starves the tracker.
  const radians = Math.PI / 180;
  const { width, height, grid } = parts;
  const columns = Math.floor(width / grid) + 1;
  const rows = Math.floor(height / grid) + 1;

  async function pixels(url) {
    const image = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  }

  /** For every point of the grid: where in the neutral picture it comes from (the fixed point q = p + d(p) solved as the simulator does). */
  function sources(seen, across, down) {
    const [cx, cy] = parts.centre;
    const [sinYaw, cosYaw, sinPitch, cosPitch] = [Math.sin(seen.yaw * radians), Math.cos(seen.yaw * radians), Math.sin(seen.pitch * radians), Math.cos(seen.pitch * radians)];
    const [sinRoll, cosRoll, zoom] = [Math.sin(seen.roll * radians), Math.cos(seen.roll * radians), (knobs.zoom ?? 1) + seen.zoom];
    const [left, top] = [seen.x + (knobs.x ?? 0), seen.y + (knobs.y ?? 0)];
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at++) {
        let x = column * grid;
        let y = row * grid;
        for (let turn = 0; turn < 4; turn++) {
          const u = Math.max(0, Math.min(columns - 1.001, x / grid));
          const v = Math.max(0, Math.min(rows - 1.001, y / grid));
          const near = (v | 0) * columns + (u | 0);
          const [fx, fy] = [u - (u | 0), v - (v | 0)];
          const mix = (values) =>
            (values[near] * (1 - fx) + values[near + 1] * fx) * (1 - fy) + (values[near + columns] * (1 - fx) + values[near + columns + 1] * fx) * fy;
          const [depth, weight] = [mix(parts.depth), mix(parts.weight)];
          const [offX, offY] = [x - cx, y - cy];
          const turnedX = offX * cosYaw + depth * sinYaw;
          const turnedY = offY * cosPitch + (depth * cosYaw - offX * sinYaw) * sinPitch;
          x = column * grid - ((turnedX * cosRoll - turnedY * sinRoll) * zoom + left - offX) * weight;
          y = row * grid - ((turnedX * sinRoll + turnedY * cosRoll) * zoom + top - offY) * weight;
        }
        across[at] = x;
        down[at] = y;
      }
    }
  }

  const nearest = (levels, wanted) => levels.reduce((best, level, place) => (Math.abs(level - wanted) < Math.abs(levels[best] - wanted) ? place : best), 0);

  async function camera() {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    const image = context.createImageData(width, height);
    const target = new Uint32Array(image.data.buffer);
    const scale = parts.detail; // the pictures are finer than the camera: the nearest pixel is near enough
    const fine = width * scale;
    const pictures = await Promise.all(parts.pictures.map(pixels));
    const shares = Uint8Array.from(await pixels(parts.share), (pixel) => pixel & 255);
    const [across, down] = [new Float32Array(columns * rows), new Float32Array(columns * rows)];
    const lut = [0, 1, 2].map(() => new Float32Array(256));
    const grain = Float32Array.from({ length: 65_536 }, () => (random() + random() + random() - 1.5) * 2 * knobs.noise);

    function lightUp(screen) {
      for (let channel = 0; channel < 3; channel++) {
        const amount = knobs.gain * (screen[channel] / 255) ** 2.2;
        for (let share = 0; share < 256; share++) {
          lut[channel][share] = (knobs.ambient + (amount * (knobs.kind === "photo" ? 217 : share)) / 255) ** (1 / 2.2);
        }
      }
    }

    function draw(picture) {
      const [red, green, blue] = lut;
      let spark = (random() * 65_536) | 0;
      for (let row = 0; row < rows - 1; row++) {
        for (let column = 0; column < columns - 1; column++) {
          const at = row * columns + column;
          for (let y = 0; y < grid; y++) {
            const fy = y / grid;
            let sx = (across[at] * (1 - fy) + across[at + columns] * fy) * scale;
            let sy = (down[at] * (1 - fy) + down[at + columns] * fy) * scale;
            const dx = ((across[at + 1] * (1 - fy) + across[at + columns + 1] * fy) * scale - sx) / grid;
            const dy = ((down[at + 1] * (1 - fy) + down[at + columns + 1] * fy) * scale - sy) / grid;
            let out = (row * grid + y) * width + column * grid;
            for (let x = 0; x < grid; x++, sx += dx, sy += dy) {
              const px = sx < 0 ? 0 : sx > fine - 1 ? fine - 1 : sx | 0;
              const py = sy < 0 ? 0 : sy > height * scale - 1 ? height * scale - 1 : sy | 0;
              const from = py * fine + px;
              const pixel = pictures[picture][from];
              const share = shares[from];
              const noise = grain[(spark = (spark + 1) & 65_535)];
              const r = (pixel & 255) * red[share] + noise;
              const g = ((pixel >> 8) & 255) * green[share] + noise;
              const b = ((pixel >> 16) & 255) * blue[share] + noise;
              target[out++] = 0xff000000 | ((b < 0 ? 0 : b > 255 ? 255 : b) << 16) | ((g < 0 ? 0 : g > 255 ? 255 : g) << 8) | (r < 0 ? 0 : r > 255 ? 255 : r);
            }
          }
        }
      }
    }

    function shoot() {
      const begun = performance.now();
      const now = begun - knobs.lag;
      if (knobs.kind === "none") target.fill(0xff686c60);
      else {
        const still = { lids: 0, jaw: 0, yaw: 0, pitch: 0, roll: swaying("roll", now), x: 2 * swaying("x", now), y: 2 * swaying("y", now), zoom: swaying("zoom", now) };
        const seen = knobs.kind === "photo" ? still : look(now);
        const picture = seen.jaw > 0.1 ? parts.lids.length + nearest(parts.jaws, seen.jaw) : nearest(parts.lids, Math.min(seen.lids, 1));
        sources(seen, across, down);
        lightUp(screenAt(now));
        draw(picture);
      }
      context.putImageData(image, 0, 0);
      if (writer) {
        const frame = new VideoFrame(canvas, { timestamp: Math.round(1000 * begun) });
        writer.write(frame).catch(() => frame.close());
      } else {
        const frame = canvas.transferToImageBitmap();
        postMessage(frame, [frame]);
      }
    }
    shoot();
    const timer = setInterval(shoot, 1000 / parts.rate);
    hear.stop = () => {
      clearInterval(timer);
      writer?.close().catch(() => {});
      close();
    };
  }
  void camera();
  return hear;
}

let hear = null;
onmessage = ({ data }) => {
  if (data.parts) hear = subject(data.parts, data.knobs, data.writable?.getWriter());
  else for (const [name, value] of Object.entries(data)) hear?.[name](value);
};
