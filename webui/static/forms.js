// Forms with JavaScript: drafts save themselves, rows come without a new page, long lists can be searched.
// Without it every button is a plain submit and nothing is lost.

const DRAFT_DELAY = 1000;
const SEARCH_FROM = 12;
const timers = new WeakMap();
const zh = document.documentElement.lang.startsWith("zh");

const draftState = (form) => form.querySelector("[data-draft-state]");
const isField = (node) => node.name && !node.name.startsWith("_") && node.name !== "csrf_token";

function say(form, text, bad = false) {
  const line = draftState(form);
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("bad", bad);
}

function textOnly(form) {
  const body = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
  for (const input of form.querySelectorAll("ul.files input")) body.append(input.name, input.value);
  return body;
}

async function saveDraft(form) {
  timers.delete(form);
  const body = textOnly(form);
  body.set("_do", "save");
  let answer;
  try {
    answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": body.get("csrf_token") ?? "" } });
    if (!answer.ok || answer.redirected) throw answer;
    const { saved } = await answer.json();
    if (timers.has(form)) return;
    form.removeAttribute("data-unsaved-now");
    say(form, form.dataset.saved.replace("{at}", saved));
  } catch {
    const told = await answer?.json().catch(() => null);
    say(form, told?.text ?? form.dataset.failed, true);
  }
}

function changed(form) {
  form.setAttribute("data-unsaved-now", "");
  if (!form.dataset.draft) return;
  say(form, form.dataset.unsaved);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(saveDraft, DRAFT_DELAY, form));
}

// Send the form as the button would, and put the answer's form in its place.
async function exchange(form, action, focus) {
  const body = new FormData(form);
  body.set("_do", action);
  form.setAttribute("aria-busy", "true");
  clearTimeout(timers.get(form));
  const answer = await fetch(form.action, { method: "POST", body });
  if (answer.redirected) return location.assign(answer.url);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.id);
  if (!next) throw new Error("no form in the answer");
  const open = new Set([...form.querySelectorAll("details[open][id]")].map((node) => node.id));
  const before = new Set([...form.querySelectorAll("[id]")].map((node) => node.id));
  form.replaceWith(next);
  for (const node of next.querySelectorAll("details[id]")) if (open.has(node.id)) node.open = true;
  dress(next);
  if (action !== "refresh") changed(next);
  const fresh = action.startsWith("add:") && [...next.querySelectorAll("[id^=f-]:is(input,select,textarea)")].find((node) => !before.has(node.id));
  (fresh || document.getElementById(focus))?.focus();
}

async function act(form, action, focus) {
  try {
    await exchange(form, action, focus);
  } catch {
    form.removeAttribute("aria-busy");
    const button = Object.assign(document.createElement("button"), { name: "_do", value: action, hidden: true });
    form.append(button);
    form.requestSubmit(button);
  }
}

function dateWords(input) {
  const line = input.parentElement.querySelector("[data-date-words]");
  const date = input.value && new Date(input.value + (input.value.length === 10 ? "T00:00" : ""));
  if (!line) return;
  const style = { year: "numeric", month: zh ? "long" : "short", day: "numeric", weekday: "short" };
  line.textContent = date && !isNaN(date) ? new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", style).format(date) : "";
}

function searchable(holder, items) {
  const box = Object.assign(document.createElement("input"), { type: "search", className: "search", placeholder: holder.dataset.search });
  box.setAttribute("aria-label", holder.dataset.search);
  box.addEventListener("input", () => {
    const words = box.value.trim().toLowerCase();
    for (const item of items()) item.hidden = item.disabled = false;
    for (const item of items()) {
      const chosen = item.selected || item.querySelector?.(":checked");
      item.hidden = Boolean(words) && !chosen && !item.textContent.toLowerCase().includes(words);
    }
  });
  holder.before(box);
}

function dress(form) {
  for (const list of form.querySelectorAll("[data-search]")) {
    const items = () => [...list.querySelectorAll(list.matches("select") ? "option[value]:not([value=''])" : "label.check")];
    if (items().length > SEARCH_FROM) searchable(list, items);
  }
  form.querySelector("[data-errors]")?.focus();
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.matches("[data-form]") || !isField(target)) return;
  if (target.matches("input[type=date], input[type=datetime-local]")) dateWords(target);
  changed(form);
});

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (form?.matches("[data-form]") && target.matches("[data-refresh]")) act(form, "refresh", target.id);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const { submitter } = event;
  if (!form.matches("[data-form]")) return;
  clearTimeout(timers.get(form));
  if (submitter?.name === "_do" && /^(add|del|up|down|drop):|^refresh$/.test(submitter.value) && !submitter.hidden) {
    event.preventDefault();
    act(form, submitter.value, submitter.id);
  } else form.removeAttribute("data-unsaved-now");
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-form][data-unsaved-now]")) event.preventDefault();
});

document.querySelectorAll("[data-form]").forEach(dress);
