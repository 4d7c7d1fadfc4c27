// An answer is never lost. What is typed stays in this tab's own storage until the server says that it has it, then it
// is deleted there. It is deleted too on leaving, and after fifteen minutes without a touch. A file stays in the page.
//
// <form data-keep="names the question, no person" data-saving="…" …> and somewhere <p role="status" data-kept></p>.
// The server answers {"next": address} when it has kept the answer; anything else is shown as it is.
const PREFIX = "voice:";
const IDLE = 15 * 60 * 1000;
const RETRY = 5000;
const form = document.querySelector("form[data-keep]");
const status = document.querySelector("[data-kept]");
const key = form && PREFIX + form.dataset.keep;

let sending = null; // what the server does not have yet: {data, submitter}
let retry = 0;
let idle = 0;
let isWorking = false;

function store() {
  try {
    return window.sessionStorage;
  } catch {
    return null; // switched off in this browser: the page works, it only cannot survive being closed
  }
}

function forget() {
  const held = store();
  if (!held) return;
  for (const name of Object.keys(held)) if (name.startsWith(PREFIX)) held.removeItem(name);
}

function forgetWhenIdle() {
  clearTimeout(idle);
  idle = setTimeout(forget, IDLE);
}

function say(words) {
  if (status && status.textContent !== words) status.textContent = words;
}

function fields() {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

function remember() {
  forgetWhenIdle();
  try {
    store()?.setItem(key, JSON.stringify({ at: Date.now(), fields: fields() }));
  } catch {
    // No room on the device: what is in the page is still there.
  }
}

function remembered() {
  const held = store();
  if (!held) return null;
  for (const name of Object.keys(held)) {
    if (!name.startsWith(PREFIX)) continue;
    const { at } = JSON.parse(held.getItem(name));
    if (Date.now() - at > IDLE) held.removeItem(name);
  }
  return JSON.parse(held.getItem(key));
}

// Two cards shown side by side are drawn anew each time: an answer to another pair does not belong here.
function belongs(found) {
  const pair = form.elements.pair;
  return !pair || found.fields.some(([name, value]) => name === "pair" && value === pair.value);
}

function putBack(found) {
  const given = new Map();
  for (const [name, value] of found.fields) given.set(name, [...(given.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || ["file", "submit", "button"].includes(field.type)) continue;
    if (field.type === "hidden" && field.name !== "order") continue; // what the page itself says, not the child
    const values = given.get(field.name) || [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  form.dispatchEvent(new CustomEvent("voice:back"));
}

// As the browser itself would send it: the page that answers says what was wrong.
function sendPlainly({ submitter }) {
  if (submitter?.name) {
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(pressed);
  }
  form.submit();
}

async function work() {
  if (isWorking || !sending) return;
  isWorking = true;
  clearTimeout(retry);
  say(form.dataset.saving);
  try {
    const answer = await fetch(form.action, { method: "POST", body: sending.data, headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new Error("not kept");
    const done = sending;
    sending = null;
    if ((answer.headers.get("Content-Type") || "").includes("json")) {
      const { next } = await answer.json();
      store()?.removeItem(key);
      say(form.dataset.saved);
      window.location.assign(next);
    } else if (answer.redirected) {
      window.location.assign(answer.url);
    } else {
      sendPlainly(done);
    }
  } catch {
    say(navigator.onLine ? form.dataset.failed : form.dataset.waiting);
    retry = setTimeout(work, RETRY);
  } finally {
    isWorking = false;
  }
}

if (form) {
  const found = remembered();
  if (found && belongs(found) && JSON.stringify(found.fields) !== JSON.stringify(fields())) {
    putBack(found);
    say(form.dataset.found);
  }
  let pause = 0;
  for (const name of ["input", "change"]) {
    form.addEventListener(name, () => {
      clearTimeout(pause);
      pause = setTimeout(remember, 300);
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    remember();
    // A second press while the first is under way changes nothing; after a failure it tries again at once.
    if (isWorking) return;
    sending = { data: new FormData(form, event.submitter), submitter: event.submitter };
    work();
  });
  window.addEventListener("pagehide", () => {
    if (pause && store()?.getItem(key)) remember();
  });
  window.addEventListener("online", () => {
    if (sending) say(form.dataset.again);
    work();
  });
  forgetWhenIdle();
}

for (const link of document.querySelectorAll("[data-leave]")) link.addEventListener("click", forget);
if (document.querySelector("[data-forget]")) forget();
