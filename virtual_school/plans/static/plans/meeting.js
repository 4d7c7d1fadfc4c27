// Saves a meeting while it goes on. Nothing is kept in the browser's own storage: what could not be sent yet stays in
// the page and is sent when the connection is back. Each action carries a key, so that sent twice it counts once.
const form = document.querySelector("form[data-meeting]");
const status = document.getElementById("saved");
const WAIT = 1200;
const RETRY = 3000;
const TICK =
  '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false"><circle cx="9" cy="9" r="9" fill="#0b5c3e"/><path d="M4.500 9.500l3 3 6-6.500" fill="none" stroke="#fff" stroke-width="2"/></svg> ';
const CATCH = ["once", "kind", "what", "owner", "owner_name", "due_on-day", "due_on-month", "due_on-year", "dissent", "outcome", "words", "decision"];

let typed = 0; // grows with every change of notes or presence
let saved = 0; // how far of that is kept
let working = false;
let leaving = false;
let timer = 0;
const waiting = []; // what was caught and is not kept yet: {data, item}

function say(words, isKept) {
  if (status.textContent.trim() === words) return;
  status.textContent = words;
  status.classList.toggle("app-saved", Boolean(isKept));
  status.classList.toggle("govuk-body", !isKept);
  if (isKept) status.insertAdjacentHTML("afterbegin", TICK);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(work, wait);
}

function newKey() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const h = [...b].map((one) => one.toString(16).padStart(2, "0")).join("");
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

const isUnsaved = () => typed !== saved || waiting.length > 0;

async function send(data) {
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
  if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) {
    await signedOut(answer.status);
    return null;
  }
  return answer.json();
}

// One thing after the other, in the order in which it happened.
async function work() {
  if (working || !isUnsaved()) return;
  working = true;
  clearTimeout(timer);
  try {
    while (waiting.length || typed !== saved) {
      const next = waiting[0];
      const upTo = typed;
      const words = form.elements.notes.value;
      const data = next ? withNotes(next.data) : noteData();
      const told = await send(data);
      if (told === null) break;
      kept(told, upTo, words);
      if (next) {
        waiting.shift();
        if (told.faults.length) given(next, told.faults);
        else next.item?.remove();
      } else if (told.faults.length) {
        say(told.faults[0][1], false);
        break;
      }
    }
  } catch {
    say(form.dataset.offline, false);
    later(RETRY);
  }
  working = false;
}

function noteData() {
  const data = new FormData(form);
  for (const name of CATCH) data.delete(name);
  data.set("do", "save");
  return data;
}

function withNotes(caught) {
  const data = noteData();
  data.set("do", "catch");
  for (const [name, value] of caught) data.append(name, value);
  return data;
}

function kept(told, upTo, words) {
  saved = upTo;
  if ("notes" in told) {
    const base = form.elements.notes_base;
    if (form.elements.notes.value === words) {
      if (words !== told.notes && (told.clash || words.trim() !== told.notes.trim())) form.elements.notes.value = told.notes;
      base.value = told.notes;
    } else {
      base.value = words;
    }
  }
  document.getElementById("caught").innerHTML = told.caught; // made by the service, which escapes what people wrote
  for (const one of waiting.slice(1)) if (one.item) listed(one.item);
  const clash = document.getElementById("clash");
  if (told.clash) {
    const note = document.createElement("p");
    note.className = "govuk-inset-text";
    note.textContent = "Somebody else wrote here at the same time. Both are kept below: put them together as you like.";
    clash.replaceChildren(note);
  }
  say(`Saved ${told.saved_at}`, true);
}

function caughtNow() {
  const data = [];
  for (const [name, value] of new FormData(form)) if (CATCH.includes(name)) data.push([name, value]);
  return data;
}

function value(data, name) {
  return data.find(([one]) => one === name)?.[1] || "";
}

function isComplete(data) {
  if (!value(data, "what").trim()) return false;
  if (value(data, "kind") === "decision" || value(data, "outcome")) return true;
  const has = (start) => data.some(([name, words]) => name.startsWith(start) && words.trim());
  return (value(data, "owner") || value(data, "owner_name")) && has("due_on");
}

function listed(item) {
  const place = document.getElementById("caught");
  let list = place.querySelector("ol");
  if (!list) {
    list = document.createElement("ol");
    list.className = "app-caught";
    place.querySelector("p")?.remove();
    place.append(list);
  }
  list.append(item);
}

async function catchIt() {
  const data = caughtNow();
  const once = value(data, "once");
  if (waiting.some((one) => one.once === once)) return;
  const entry = { data, once, item: null };
  waiting.push(entry);
  await work();
  if (!waiting.includes(entry)) {
    if (entry.faults) return;
    if (form.querySelector("blockquote")) {
      leaving = true;
      location.replace(form.action); // the next thing the child asks
    } else empty();
    return;
  }
  if (navigator.onLine && !isComplete(data)) {
    later(0);
    return;
  }
  if (!isComplete(data)) {
    waiting.splice(waiting.indexOf(entry), 1);
    say(form.dataset.incomplete, false);
    return;
  }
  entry.item = document.createElement("li");
  const strong = document.createElement("strong");
  strong.textContent = "Not sent yet: ";
  entry.item.append(strong, value(data, "what"));
  listed(entry.item);
  empty();
  say(form.dataset.offline, false);
  later(RETRY);
}

function empty() {
  clearFaults();
  for (const input of form.elements) {
    if (!CATCH.includes(input.name)) continue;
    if (input.name === "once") input.value = newKey();
    else if (input.name === "decision") input.remove();
    else if (input.type === "radio") input.checked = input.name === "kind" && input.defaultChecked;
    else if (input.type !== "hidden") input.value = "";
  }
}

// What the service could not keep goes back into the form, under a key of its own, with what is wrong.
function given(entry, faults) {
  entry.faults = faults;
  const now = caughtNow();
  const isFree = !value(now, "what").trim() || value(now, "once") === entry.once;
  if (entry.item && !isFree) {
    entry.item.append(` — not kept: ${faults[0][1]}`);
    listed(entry.item);
  } else {
    entry.item?.remove();
    for (const [name, words] of entry.data) {
      const input = form.elements[name];
      if (input && name !== "once") input.value = words;
    }
  }
  clearFaults();
  const box = document.createElement("div");
  box.className = "govuk-error-summary";
  box.id = "faults";
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.className = "govuk-error-summary__title";
  title.textContent = "There is a problem";
  const list = document.createElement("ul");
  list.className = "govuk-list govuk-error-summary__list";
  for (const [place, words] of faults) {
    const line = document.createElement("li");
    if (place) {
      const link = document.createElement("a");
      link.href = `#${place}`;
      link.textContent = words;
      line.append(link);
    } else line.textContent = words;
    list.append(line);
  }
  box.append(title, list);
  form.prepend(box);
  box.focus();
}

function clearFaults() {
  document.getElementById("faults")?.remove();
}

// The page's token is out of date after signing in again: the page is asked for a new one before the next try.
async function signedOut(code) {
  say("Not saved: sign in again in another tab. Your words stay on this page", false);
  const page = await fetch(form.action);
  if (!page.redirected && page.ok) {
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("form[data-meeting] [name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    else if (code === 403) return say("This meeting can no longer be written in. Copy what you wrote before you leave", false);
  }
  later(RETRY);
}

function changed(event) {
  if (CATCH.includes(event.target.name) || event.target.name.startsWith("came_")) return;
  typed += 1;
  later(WAIT);
}

async function go(then) {
  await work();
  if (!isUnsaved() && navigator.onLine) {
    leaving = true;
    then();
  } else {
    say(`${form.dataset.offline}. Stay here until it is saved`, false);
  }
}

if (form) {
  const agenda = document.querySelector(".app-agenda"); // a strip on a phone: the step of now comes into sight
  const now = agenda.querySelector("[aria-current]");
  agenda.scrollLeft = now.offsetLeft - agenda.offsetLeft - 40;
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    event.preventDefault();
    const button = event.submitter;
    if (button?.matches("[data-catch]")) catchIt();
    else go(() => form.requestSubmit(button));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.hash || leaving || (!isUnsaved() && navigator.onLine)) return;
    event.preventDefault();
    go(() => location.assign(link.href));
  });
  addEventListener("online", () => work());
  addEventListener("offline", () => say(isUnsaved() ? form.dataset.offline : "Off line: what you write is kept on this page", false));
  document.addEventListener("visibilitychange", () => document.hidden && work());
  addEventListener("beforeunload", (event) => {
    if (isUnsaved() && !leaving) event.preventDefault();
  });
}
