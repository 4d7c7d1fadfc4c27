// Saves a section while it is written. Nothing is kept in the browser's own storage: unsaved words stay in the page.
const form = document.querySelector("form[data-save-url]");
const status = document.getElementById("saved");
const WAIT = 1500;
const RETRY = 5000;
const TICK =
  '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false"><circle cx="9" cy="9" r="9" fill="#0b5c3e"/><path d="M4.500 9.500l3 3 6-6.500" fill="none" stroke="#fff" stroke-width="2"/></svg> ';

let typed = 0; // grows with every change
let saved = 0; // how far of that is kept
let sending = false;
let leaving = false;
let hasNewToken = false;
let timer = 0;

function say(words, isKept) {
  if (status.textContent.trim() === words) return;
  status.textContent = words;
  if (isKept) status.insertAdjacentHTML("afterbegin", TICK);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function body() {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
  return data;
}

async function save(options = {}) {
  if (sending || typed === saved) return;
  sending = true;
  const upTo = typed;
  try {
    const answer = await fetch(form.dataset.saveUrl, { method: "POST", body: body(), ...options });
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) {
      await signedOut(answer.status);
    } else {
      kept(await answer.json(), upTo);
    }
  } catch {
    say("Not saved yet: kept on this page", false);
    later(RETRY);
  }
  sending = false;
  if (typed > upTo && saved === upTo) later(WAIT);
}

function kept(told, upTo) {
  saved = upTo;
  hasNewToken = false;
  for (const [name, mark] of Object.entries(told.was)) form.elements[`was-${name}`].value = mark;
  const faults = Object.entries(told.faults);
  for (const group of form.querySelectorAll("[data-waits]")) group.hidden = !told.shown.includes(group.dataset.field);
  clashes(told);
  if (told.clashes.length) say(`Saved ${told.saved_at}. Somebody else wrote too: see above`, true);
  else if (faults.length) say(`Saved ${told.saved_at}, but for: ${faults[0][1]}`, false);
  else say(`Saved ${told.saved_at}`, true);
}

function clashes(told) {
  const place = document.getElementById("clash");
  place.replaceChildren();
  if (!told.clashes.length) return;
  const note = document.createElement("p");
  note.className = "govuk-inset-text";
  note.textContent = `Somebody else changed this while you wrote: ${told.clashes.join(", ")}. Both are kept. `;
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = told.settle_url;
  link.textContent = "Choose what stands";
  note.append(link);
  place.append(note);
}

// The page's token is out of date after signing in again: the page is asked for a new one before the next try.
async function signedOut(code) {
  let wait = RETRY;
  say("Not saved: sign in again in another tab. Your words stay on this page", false);
  try {
    const page = await fetch(form.action);
    if (!page.redirected && page.ok) {
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
      const token = fresh.querySelector("form[data-save-url] [name=csrfmiddlewaretoken]");
      if (token) {
        form.elements.csrfmiddlewaretoken.value = token.value;
        wait = hasNewToken ? RETRY : 0;
        hasNewToken = true;
      } else if (code === 403) return say("This section can no longer be changed. Copy what you wrote before you leave", false);
    }
  } catch {
    say("Not saved yet: kept on this page", false);
  }
  later(wait);
}

function changed(event) {
  if (event.target.type === "file") return;
  typed += 1;
  later(WAIT);
}

if (form) {
  for (const group of form.querySelectorAll("[data-waits]")) group.hidden = true;
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      say("Not saved yet: kept on this page", false);
      return;
    }
    leaving = true;
  });
  addEventListener("online", () => save());
  addEventListener("offline", () => typed !== saved && say("Not saved yet: kept on this page", false));
  document.addEventListener("visibilitychange", () => document.hidden && save({ keepalive: true }));
  addEventListener("beforeunload", (event) => {
    if (typed !== saved && !leaving) event.preventDefault();
  });
}
