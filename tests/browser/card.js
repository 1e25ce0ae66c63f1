/**
 * The camera on the back of the device, which sees a document on a table: asked for the environment, `getUserMedia` gives this picture; asked
 * for the person, whatever it gave before. `window.table.show(url)` lays another picture there, null takes it away.
 */
function installTable(first, wishes) {
  const { width, height, share, colour } = { width: 1280, height: 720, share: 0.8, colour: "#5b4a3a", ...wishes };
  const table = { picture: null, opened: 0, stopped: 0 };
  window.table = table;
  table.show = async (url) => {
    table.picture = null;
    if (!url) return;
    const image = new Image();
    image.src = url;
    await image.decode();
    table.picture = image;
  };
  table.show(first);

  /** As large as the guide: the document fills `share` of the picture's height. */
  function camera() {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { alpha: false });
    let turn = 0;
    const draw = () => {
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
      const { picture } = table;
      if (!picture) return;
      const tall = share * height;
      const wide = (tall * picture.width) / picture.height;
      const sway = (turn++ % 4) / 4; // no hand is quite still
      context.drawImage(picture, (width - wide) / 2 + sway, (height - tall) / 2, wide, tall);
    };
    draw();
    const timer = setInterval(draw, 100);
    const stream = canvas.captureStream(10);
    const [track] = stream.getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      table.stopped++;
      stop();
    };
    track.getSettings = () => ({ width, height, frameRate: 10, deviceId: "table", facingMode: "environment" });
    table.opened++;
    return stream;
  }

  const other = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (wanted?.video?.facingMode?.ideal === "environment" ? camera() : other(wanted));
}
