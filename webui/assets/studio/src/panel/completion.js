// Names to choose from while an expression is written: the variables known at the element, then functions.

const WORD = /[\p{L}_][\p{L}\p{N}_]*$/u;
const MOST = 8;
const LIST = 'expression-names';

/** Return the offers whose names fit what is typed, those that begin with it first. */
export function fitting(offers, typed) {
  const wanted = typed.toLowerCase();
  const rank = ({ name }) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return offers
    .filter(({ name }) => name !== typed && name.toLowerCase().includes(wanted))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST);
}

/**
 * Offer names in the fields of `panel` whose ids are in `fields`.
 * `offers()` gives `{ name, hint, after }` for what is selected; `after` is written behind the name.
 */
export class Completion {
  constructor(panel, fields, offers) {
    Object.assign(this, { fields, offers });
    this.list = document.createElement('ul');
    Object.assign(this.list, { id: LIST, className: 'completion', hidden: true });
    this.list.setAttribute('role', 'listbox');
    document.body.append(this.list);
    panel.addEventListener('input', event => !this.writing && this.look(event.target));
    panel.addEventListener('keydown', event => this.key(event), true);
    panel.addEventListener('focusout', () => this.close());
    panel.addEventListener('scroll', () => this.close(), true);
    // Pressing must not take the focus from the field, which would close the list before the choice.
    this.list.addEventListener('pointerdown', event => {
      event.preventDefault();
      const option = event.target.closest('[role=option]');
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  look(field, always = false) {
    if (!this.fields.has(field.id)) return;
    this.typed = (field.value.slice(0, field.selectionStart).match(WORD) ?? [''])[0];
    const found = this.typed || always ? fitting(this.offers(), this.typed) : [];
    if (!found.length) return this.close();
    this.open(field, found);
  }

  open(field, found) {
    Object.assign(this, { field, found });
    this.list.replaceChildren(...found.map(row));
    const { left, bottom, width } = field.getBoundingClientRect();
    Object.assign(this.list.style, { left: `${left}px`, top: `${bottom + 2}px`, width: `${width}px` });
    this.list.hidden = false;
    field.setAttribute('aria-controls', LIST);
    field.setAttribute('aria-autocomplete', 'list');
    this.mark(0);
  }

  mark(index) {
    this.index = (index + this.found.length) % this.found.length;
    [...this.list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === this.index)));
    this.field.setAttribute('aria-activedescendant', `${LIST}-${this.index}`);
  }

  key(event) {
    if (event.ctrlKey && event.key === ' ') return this.answer(event, () => this.look(event.target, true));
    if (this.list.hidden) return;
    const acts = {
      ArrowDown: () => this.mark(this.index + 1),
      ArrowUp: () => this.mark(this.index - 1),
      Enter: () => this.take(this.index),
      Tab: () => this.take(this.index),
      Escape: () => this.close(),
    };
    if (acts[event.key]) this.answer(event, acts[event.key]);
  }

  answer(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // The field is told as if the name had been typed, so that the panel writes it into the diagram.
  take(index) {
    const { name, after = '' } = this.found[index];
    const { field, typed } = this;
    this.close();
    this.writing = true;
    field.setRangeText(name + after, field.selectionStart - typed.length, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    this.writing = false;
  }

  close() {
    this.list.hidden = true;
    this.field?.removeAttribute('aria-activedescendant');
  }
}

function row({ name, hint }, index) {
  const option = document.createElement('li');
  option.id = `${LIST}-${index}`;
  option.setAttribute('role', 'option');
  const told = document.createElement('span');
  told.textContent = hint;
  option.append(name, told);
  return option;
}
