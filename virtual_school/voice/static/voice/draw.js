// The drawing sheet. Strokes are kept as whole numbers on a sheet of 1000 by 700, so that a phone and a print agree.
import SignaturePad from "./vendor/signature_pad.min.js";

const WIDTH = 1000;

function sheet(box) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("textarea[name=strokes]");
  const live = box.querySelector("[data-live]");
  box.hidden = false;
  const pad = new SignaturePad(canvas, { minDistance: 2, backgroundColor: "#ffffff" });
  const width = () => canvas.getBoundingClientRect().width;
  let strokes = read();

  function read() {
    return field.value.trim() ? JSON.parse(field.value) : [];
  }

  function keep() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function size() {
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const box = canvas.getBoundingClientRect();
    canvas.width = box.width * ratio;
    canvas.height = box.height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    show();
  }

  function show() {
    const scale = width() / WIDTH;
    const groups = strokes.map((stroke) => ({
      penColor: stroke.colour,
      dotSize: stroke.width * scale,
      minWidth: stroke.width * scale,
      maxWidth: stroke.width * scale,
      points: stroke.points.flatMap((one, place, all) => (place % 2 ? [] : [{ x: one * scale, y: all[place + 1] * scale, pressure: 0.5, time: place }])),
    }));
    pad.clear();
    pad.fromData(groups);
  }

  function pen() {
    const chosen = (name) => box.querySelector(`input[name=${name}]:checked`).value;
    const scale = width() / WIDTH;
    pad.penColor = chosen("colour");
    pad.minWidth = pad.maxWidth = pad.dotSize = Number(chosen("width")) * scale;
    return { colour: chosen("colour"), width: Number(chosen("width")) };
  }

  pad.addEventListener("beginStroke", pen);
  pad.addEventListener("endStroke", () => {
    const scale = WIDTH / width();
    const last = pad.toData().at(-1);
    const within = (value) => Math.min(1050, Math.max(-50, Math.round(value * scale)));
    strokes.push({ ...pen(), points: last.points.flatMap((point) => [within(point.x), within(point.y)]) });
    keep();
  });
  box.querySelector("[data-undo]").addEventListener("click", () => {
    if (!strokes.length) return;
    strokes.pop();
    show();
    keep();
    live.textContent = live.dataset.undone;
  });
  box.querySelector("[data-empty]").addEventListener("click", () => {
    strokes = [];
    show();
    keep();
    live.textContent = live.dataset.cleared;
  });
  box.closest("form")?.addEventListener("voice:back", () => {
    strokes = read();
    show();
  });
  new ResizeObserver(size).observe(canvas);
  size();
}

for (const box of document.querySelectorAll("[data-draw]")) sheet(box);
