// Every page of the child's voice works without this. It adds: saving over a bad line, reading aloud, the drawing
// sheet, recording, and care for those who press twice.
import "./press.js";
import "./keep.js";
import "./listen.js";
import "./pick.js";
import "./say.js";
import "./pictures.js";

if (document.querySelector("[data-draw]")) import("./draw.js");
