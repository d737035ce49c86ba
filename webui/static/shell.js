// What every page gains with JavaScript; without it nothing is missing but comfort.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("table.list tbody tr")].filter((row) => row.querySelector("a"));

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
  next.querySelector("td.main a, a").focus();
  next.scrollIntoView({ block: "nearest" });
}

function claim() {
  const row = document.activeElement.closest("tr");
  (row ?? document).querySelector("[data-key=c]")?.click();
}

const keys = { j: () => move(1), k: () => move(-1), c: claim, "?": () => document.getElementById("keys")?.showModal() };

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.closest("form")?.querySelector("[data-key=submit], button.pri")?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});

function dismissLater(toast) {
  const leave = () => toast.remove();
  let timer = setTimeout(leave, toast.classList.contains("err") ? 20000 : 10000);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(leave, 4000)));
}

const toasts = document.getElementById("toasts");
if (toasts) {
  toasts.querySelectorAll("[data-toast]").forEach(dismissLater);
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) dismissLater(node);
  }).observe(toasts, { childList: true });
}
