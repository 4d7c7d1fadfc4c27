// A switch or a shaking hand often presses twice. The second press on the same thing within this time does nothing.
const TOO_SOON = 500;
const ECHO = 50; // a label sends its press on to its own control: that is the same press
let last = { owner: null, isLabel: false, at: -TOO_SOON };

document.addEventListener(
  "click",
  (event) => {
    const target = event.target.closest("button, a, summary, label, input[type=checkbox], input[type=radio]");
    if (!target) return;
    const isControl = target.matches("input");
    const owner = (isControl && target.closest("label")) || target;
    const since = event.timeStamp - last.at;
    if (owner === last.owner && isControl && last.isLabel && since < ECHO) return;
    if (owner === last.owner && since < TOO_SOON) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    last = { owner, isLabel: target.matches("label"), at: event.timeStamp };
  },
  true,
);
