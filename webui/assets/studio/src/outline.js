// The outline beside the canvas: every element in flow order, walked with the arrow keys.

/**
 * Keep `host` (an element with role=tree) in step with the server's outline.
 * `choose(id)` is called when the person picks an element.
 */
export class Outline {
  constructor(host, choose) {
    this.host = host;
    this.choose = choose;
    host.addEventListener('keydown', event => this.walk(event));
    host.addEventListener('click', event => {
      const item = event.target.closest('[data-element]');
      if (item) this.pick(item);
    });
    this.rove();
  }

  /** Replace the items by `entries`: `{ id, kind, name, depth, note }`. */
  show(entries) {
    const focused = this.host.contains(document.activeElement) ? document.activeElement.dataset.element : null;
    this.host.replaceChildren(...entries.map(item));
    this.rove();
    this.select(this.selected);
    if (focused) this.find(focused)?.focus();
  }

  /** Mark the item of an element as the selected one. */
  select(id) {
    this.selected = id;
    for (const each of this.items()) each.setAttribute('aria-selected', String(each.dataset.element === id));
    const chosen = id && this.find(id);
    if (chosen) {
      this.rove(chosen);
      chosen.scrollIntoView({ block: 'nearest' });
    }
  }

  items() {
    return [...this.host.querySelectorAll('[data-element]')];
  }

  find(id) {
    return this.items().find(each => each.dataset.element === id);
  }

  rove(current = this.items()[0]) {
    for (const each of this.items()) each.tabIndex = each === current ? 0 : -1;
  }

  walk(event) {
    const items = this.items();
    const at = items.indexOf(document.activeElement);
    if (at < 0) return;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      const target = items[Math.max(0, Math.min(items.length - 1, next))];
      this.rove(target);
      target.focus();
    } else if (event.key === 'Enter' || event.key === ' ') this.pick(items[at]);
    else return;
    event.preventDefault();
  }

  pick(target) {
    this.rove(target);
    this.choose(target.dataset.element);
  }
}

function item({ id, kind, name, depth, note }) {
  const row = document.createElement('li');
  row.setAttribute('role', 'treeitem');
  row.setAttribute('aria-level', String(depth + 1));
  row.className = `outline-item outline-depth-${Math.min(depth, 4)}`;
  row.dataset.element = id;
  row.append(part('outline-name', name || kind), ...(name ? [part('outline-kind', kind)] : []), ...(note ? [part('outline-note', note)] : []));
  return row;
}

function part(className, text) {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}
