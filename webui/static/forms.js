// Forms with JavaScript: drafts save themselves, rows come without a new page, long lists can be searched.
// Without it every button is a plain submit and nothing is lost.

const all = (root, selector) => [...root.querySelectorAll(selector)];
const timers = new WeakMap();
const zh = document.documentElement.lang.startsWith("zh");
const ticks = (node) => /^(checkbox|radio)$/.test(node.type);
let exchange = null;
let saving = null;

function say(form, text, bad = false) {
  const line = form.querySelector("[data-draft-state]");
  line.textContent = text;
  line.classList.toggle("bad", bad);
}

async function saveDraft(form) {
  timers.delete(form);
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  for (const kept of all(form, "ul.files input")) body.append(kept.name, kept.value);
  body.set("_do", "save");
  let answer;
  saving = new AbortController();
  try {
    const { signal } = saving;
    answer = await fetch(form.dataset.draft, { method: "POST", body, signal, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw answer;
    const { saved } = await answer.json();
    if (timers.has(form)) return;
    delete form.dataset.dirty;
    say(form, form.dataset.saved.replace("{at}", saved));
  } catch (problem) {
    if (problem.name === "AbortError") return;
    const told = await answer?.json?.().catch(() => null);
    say(form, told?.text ?? form.dataset.failed, true);
  }
}

function changed(form) {
  form.dataset.dirty = "";
  if (!form.dataset.draft) return;
  say(form, form.dataset.unsaved);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(saveDraft, 1000, form));
}

// What stands in each control, so that what is entered while the server answers is carried over.
function standing(form) {
  const fields = [...form.elements].filter((node) => node.name && !/^(hidden|submit)$/.test(node.type));
  return new Map(fields.map((node) => [`${node.name} ${ticks(node) && node.value}`, [node, ticks(node) ? node.checked : node.value]]));
}

function carryOver(form, next, before) {
  const there = standing(next);
  for (const [key, [node, value]] of standing(form)) {
    if (before.get(key)?.[1] === value || !there.has(key)) continue;
    if (node.type !== "file") there.get(key)[0][ticks(node) ? "checked" : "value"] = value;
  }
}

// The control for files itself moves into the new form: a window for choosing files may be open over it.
function keepFileControls(form, next, before) {
  for (const heir of all(next, "input[type=file]")) {
    const node = all(form, "input[type=file]").find(({ name }) => name === heir.name);
    if (!node) continue;
    const sent = before.get(`${node.name} false`)?.[1];
    if (sent && sent === node.value) node.value = "";
    for (const { name } of [...node.attributes]) if (!heir.hasAttribute(name)) node.removeAttribute(name);
    for (const { name, value } of heir.attributes) node.setAttribute(name, value);
    heir.replaceWith(node);
  }
}

// Send the form as its button would, and put the form of the answer in its place.
async function act(form, action) {
  exchange?.abort();
  exchange = new AbortController();
  clearTimeout(timers.get(form));
  const body = new FormData(form);
  const before = standing(form);
  body.set("_do", action);
  form.inert = action !== "refresh";
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: exchange.signal });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.id);
    carryOver(form, next, before);
    replace(form, next, action, before);
  } catch (problem) {
    form.inert = false;
    if (problem.name === "AbortError") return;
    const button = Object.assign(document.createElement("button"), { name: "_do", value: action, hidden: true });
    form.append(button);
    form.requestSubmit(button);
  }
}

function replace(form, next, action, before) {
  const { id, selectionEnd } = document.activeElement;
  const known = new Set(all(form, "[id]").map((node) => node.id));
  const folded = new Map(all(form, "details[id]").map((node) => [node.id, node.open]));
  clearTimeout(timers.get(form));
  form.after(next);
  keepFileControls(form, next, before);
  form.remove();
  for (const node of all(next, "details[id]")) node.open = folded.get(node.id) ?? node.open;
  dress(next);
  changed(next);
  const fresh = action.startsWith("add:") && all(next, ":is(input,select,textarea)[id]").find((node) => !known.has(node.id));
  const focus = fresh || document.getElementById(id);
  focus?.focus();
  if (selectionEnd && focus?.setSelectionRange && focus.type === "text") focus.setSelectionRange(selectionEnd, selectionEnd);
}

function dateWords(input) {
  const date = new Date(input.value.length === 10 ? `${input.value}T00:00` : input.value);
  const style = { year: "numeric", month: zh ? "long" : "short", day: "numeric", weekday: "short" };
  const line = input.parentElement.querySelector("[data-date-words]");
  if (line) line.textContent = isNaN(date) ? "" : new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", style).format(date);
}

function searchable(list) {
  const items = all(list, list.matches("select") ? "option:not([value=''])" : "label.check");
  const box = Object.assign(document.createElement("input"), { type: "search", className: "search", placeholder: list.dataset.search });
  box.setAttribute("aria-label", list.dataset.search);
  box.addEventListener("input", () => {
    const words = box.value.trim().toLowerCase();
    for (const item of items) item.hidden = !(item.selected || item.querySelector(":checked") || item.textContent.toLowerCase().includes(words));
  });
  list.before(box);
}

function dress(form) {
  all(form, "[data-search]").forEach(searchable);
  form.querySelector("[data-errors]")?.focus();
}

document.addEventListener("input", ({ target }) => {
  if (!target.name || !target.form?.matches("[data-form]")) return;
  if (target.type.startsWith("date")) dateWords(target);
  changed(target.form);
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-refresh]") && target.form?.matches("[data-form]")) act(target.form, "refresh");
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-form]")) return;
  clearTimeout(timers.get(form));
  if (submitter && !submitter.hidden && /^(add|del|up|down|drop):|^refresh$/.test(submitter.value)) {
    event.preventDefault();
    act(form, submitter.value);
    return;
  }
  // What is still under way must neither replace the form nor arrive after it.
  exchange?.abort();
  saving?.abort();
  delete form.dataset.dirty;
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-form][data-dirty]")) event.preventDefault();
});

all(document, "[data-form]").forEach(dress);
