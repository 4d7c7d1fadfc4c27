// Records sound: mono, 24 kb a second, three minutes at most. It never starts itself. What is recorded is put into the
// form's own file field, so that it is sent and kept like everything else.
const KINDS = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4;codecs=opus", "audio/mp4", "audio/webm"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a" };

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function recorder(box) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [record, stop, again, live, play, levelBox, level] = ["record", "stop", "again", "live", "play", "level-box", "level"].map(part);
  const file = box.querySelector("input[type=file]");
  const seconds = box.querySelector("input[name=seconds]");
  const limit = Number(box.dataset.limit);
  let current = null;

  async function start() {
    if (current) return;
    current = { chunks: [], seconds: 0 };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
      current.stream = stream;
    } catch {
      current = null;
      live.textContent = box.dataset.none;
      return;
    }
    const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    current.media = new MediaRecorder(current.stream, { mimeType: type, audioBitsPerSecond: 24000 });
    current.media.addEventListener("dataavailable", (event) => event.data.size && current.chunks.push(event.data));
    current.media.addEventListener("stop", finish);
    current.media.start(1000);
    record.hidden = again.hidden = play.hidden = true;
    stop.hidden = levelBox.hidden = false;
    stop.focus();
    box.classList.add("app-say--on");
    live.textContent = box.dataset.recording.replace("#", clock(0));
    current.timer = setInterval(tick, 1000);
    showLevel();
  }

  function tick() {
    current.seconds += 1;
    // Said every ten seconds: often enough to know, seldom enough to be able to talk.
    if (current.seconds % 10 === 0) live.textContent = box.dataset.recording.replace("#", clock(current.seconds));
    if (current.seconds >= limit) {
      current.isFull = true;
      current.media.stop();
    }
  }

  function showLevel() {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(current.stream).connect(analyser);
    const data = new Uint8Array(analyser.fftSize);
    current.context = context;
    const draw = () => {
      if (!current?.context) return;
      analyser.getByteTimeDomainData(data);
      level.value = Math.min(100, Math.max(...data.map((one) => Math.abs(one - 128))) * 1.5);
      requestAnimationFrame(draw);
    };
    draw();
  }

  function finish() {
    const { chunks, stream, timer, context, seconds: length, isFull, media } = current;
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    context.close();
    current = null;
    const type = media.mimeType.split(";")[0];
    const held = new DataTransfer();
    held.items.add(new File(chunks, `sound.${ENDINGS[type] || "webm"}`, { type }));
    file.files = held.files;
    seconds.value = length;
    if (play.src) URL.revokeObjectURL(play.src);
    play.src = URL.createObjectURL(file.files[0]);
    stop.hidden = levelBox.hidden = true;
    again.hidden = play.hidden = false;
    again.focus();
    box.classList.remove("app-say--on");
    live.textContent = isFull ? box.dataset.full : box.dataset.stopped.replace("#", clock(length));
    file.dispatchEvent(new Event("change", { bubbles: true }));
  }

  record.addEventListener("click", start);
  again.addEventListener("click", start);
  stop.addEventListener("click", () => current?.media?.state === "recording" && current.media.stop());
  part("controls").hidden = false;
  window.addEventListener("pagehide", () => current?.stream?.getTracks().forEach((track) => track.stop()));
}

for (const box of document.querySelectorAll("[data-say]")) {
  if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder && KINDS.some((kind) => MediaRecorder.isTypeSupported(kind))) recorder(box);
}
