// Reads the page aloud with a voice that lives on this device. Voices that send the words elsewhere are never used.
// No such voice: no button. One sentence at a time, since some voices stop after fifteen seconds.
const buttons = document.querySelectorAll("[data-listen]");
const synthesis = window.speechSynthesis;

function voiceFor(language) {
  const wanted = language.toLowerCase().split("-")[0];
  return synthesis.getVoices().find((voice) => voice.localService === true && voice.lang.toLowerCase().split(/[-_]/)[0] === wanted);
}

// What is said: the words of the page, without the English beside them and without what is hidden.
function words(element) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll(".app-english, script, [hidden], svg")) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function texts(button) {
  return [...document.querySelectorAll(button.dataset.listen)].filter((element) => element.getClientRects().length).map(words).filter(Boolean);
}

const sentences = (text) => text.match(/[^.!?؟።]+[.!?؟።]*/g) || [text];

function stop(button) {
  synthesis.cancel();
  button.setAttribute("aria-pressed", "false");
}

function start(button) {
  const language = document.documentElement.lang || "en";
  const voice = voiceFor(language);
  const all = texts(button).flatMap(sentences);
  button.setAttribute("aria-pressed", "true");
  all.forEach((sentence, place) => {
    const said = new SpeechSynthesisUtterance(sentence);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = 0.9;
    if (place === all.length - 1) said.onend = () => button.setAttribute("aria-pressed", "false");
    synthesis.speak(said);
  });
}

function offer() {
  const hasVoice = Boolean(synthesis && voiceFor(document.documentElement.lang || "en"));
  for (const button of buttons) button.hidden = !hasVoice;
}

if (synthesis && buttons.length) {
  offer();
  synthesis.addEventListener?.("voiceschanged", offer);
  for (const button of buttons) {
    button.addEventListener("click", () => (synthesis.speaking ? stop(button) : start(button)));
  }
  window.addEventListener("pagehide", () => synthesis.cancel());
}
