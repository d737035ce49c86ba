// The designer's page: open a diagram, edit it, check it, save it as a draft, publish it.

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import { createModeler } from './modeler.js';
import { Outline } from './outline.js';
import { Completion } from './panel/completion.js';
import { codeFields } from './panel/fields.js';
import { Problems } from './problems.js';
import { get, post, text } from './server.js';
import { translator, untranslated } from './texts/translate.js';

const WIDE_ENOUGH = '(min-width: 900px)';
const CHECK_AFTER = 900;
const READABLE = 0.72;
const BESIDE_PALETTE = 124;
const EDGE = 24;

class Studio {
  constructor(page) {
    this.page = page;
    this.urls = page.dataset;
    this.translate = translator(page.dataset.lang);
    this.revision = page.dataset.revision;
    this.savedAt = 0;
    this.part = name => page.querySelector(`[data-part="${name}"]`);
  }

  async open() {
    const [xml, catalogue] = await Promise.all([text(this.urls.xml), get(this.urls.catalogue)]);
    this.modeler = createModeler({
      canvas: this.part('canvas'), panel: this.part('panel'), language: this.urls.lang, catalogue,
    });
    await this.modeler.importXML(xml);
    this.showReadable();
    this.outline = new Outline(this.part('outline'), id => this.choose(id));
    this.problems = new Problems(this.part('problems'), this.part('summary'), this.modeler, id => this.choose(id), this.translate);
    this.functions = catalogue.functions.map(name => ({ name, after: '(', hint: this.translate('function') }));
    new Completion(this.part('panel'), codeFields, () => this.names());
    this.listen();
    this.showState();
    this.page.dataset.ready = 'yes';
    await this.check();
  }

  // The whole diagram beside the palette when it can be read then, otherwise its beginning.
  showReadable() {
    const canvas = this.modeler.get('canvas');
    const { inner } = canvas.viewbox();
    const { width, height } = canvas.getSize();
    const fitting = Math.min(1, (width - BESIDE_PALETTE - EDGE) / inner.width, (height - 2 * EDGE) / inner.height);
    const scale = Math.max(fitting, READABLE);
    const above = Math.max(EDGE, (height - inner.height * scale) / 2);
    canvas.viewbox({
      x: inner.x - BESIDE_PALETTE / scale, y: inner.y - above / scale, width: width / scale, height: height / scale,
    });
  }

  listen() {
    this.modeler.on('commandStack.changed', () => this.changed());
    this.modeler.on('selection.changed', ({ newSelection }) => this.outline.select(newSelection.length === 1 ? newSelection[0].id : null));
    for (const button of this.page.querySelectorAll('[data-do]')) {
      button.addEventListener('click', () => this[button.dataset.do]().catch(error => this.say(error)));
    }
    this.part('publish-form').addEventListener('submit', event => {
      event.preventDefault();
      this.confirmPublish().catch(error => this.say(error));
    });
    document.addEventListener('keydown', event => this.shortcut(event));
    window.addEventListener('beforeunload', event => this.isDirty() && event.preventDefault());
  }

  shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    this.save().catch(error => this.say(error));
  }

  isDirty() {
    return this.modeler.get('commandStack')._stackIdx + 1 !== this.savedAt;
  }

  changed() {
    this.showState();
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.check().catch(error => this.say(error)), CHECK_AFTER);
  }

  showState() {
    this.tell(this.isDirty() ? 'Unsaved changes' : 'No changes');
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  /** Ask the server's gate; show what it finds. Returns the number of errors. */
  async check() {
    clearTimeout(this.pending);
    this.part('summary').textContent = this.translate('Checking…');
    const { findings, outline, variables } = await post(this.urls.check, { xml: await this.xml() }, this.urls.csrf);
    this.outline.show(outline);
    this.findings = findings;
    this.variables = variables;
    return this.problems.show(findings);
  }

  /** What an expression of the selected element may name: its variables as of the last check, and functions. */
  names() {
    const selected = this.modeler.get('selection').get();
    const known = selected.length === 1 ? this.variables?.[selected[0].id] ?? [] : [];
    return [...known, ...this.functions];
  }

  async save() {
    this.tell('Saving…');
    const at = this.modeler.get('commandStack')._stackIdx + 1;
    const saved = await post(this.urls.save, { xml: await this.xml(), revision: this.revision }, this.urls.csrf);
    this.revision = saved.revision;
    this.savedAt = at;
    this.tell('Saved {time}', { time: saved.at });
  }

  async publish() {
    const errors = await this.check();
    if (errors) return this.part('summary').scrollIntoView({ block: 'nearest' });
    this.askForWarnings();
    this.part('publish-dialog').showModal();
  }

  /** List the warnings in the dialog; they are confirmed by name, and publishing needs the mark. */
  askForWarnings() {
    const box = this.part('publish-form').elements.confirmed;
    box.checked = false;
    box.required = this.findings.length > 0;
    this.part('publish-warnings').hidden = !box.required;
    this.part('publish-warning-list').replaceChildren(...this.findings.map(({ name, element, rule }) => {
      const row = document.createElement('li');
      row.textContent = `${name || element}: ${rule}`;
      return row;
    }));
  }

  async confirmPublish() {
    const form = this.part('publish-form');
    const confirmed = form.elements.confirmed.checked ? this.findings.map(each => each.key).join('\n') : '';
    this.tell('Publishing…');
    const done = await post(this.urls.publish, { xml: await this.xml(), note: form.elements.note.value, confirmed }, this.urls.csrf);
    this.savedAt = this.modeler.get('commandStack')._stackIdx + 1;
    location.assign(done.location);
  }

  async cancel() {
    this.part('publish-dialog').close();
  }

  async download() {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([await this.xml()], { type: 'application/xml' }));
    link.download = `${this.urls.process}.bpmn`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  async shortcuts() {
    this.part('shortcuts-dialog').showModal();
  }

  choose(id) {
    const element = this.modeler.get('elementRegistry').get(id);
    if (!element) return;
    this.modeler.get('canvas').scrollToElement(element, { top: 60, right: 80, bottom: 60, left: BESIDE_PALETTE + 20 });
    this.modeler.get('selection').select(element);
  }

  tell(sentence, values) {
    this.part('state').textContent = this.translate(sentence, values);
    this.part('state').dataset.state = sentence === 'Unsaved changes' ? 'dirty' : 'calm';
  }

  // A refusal by the gate carries findings; anything else is one sentence in the alert line.
  say(error) {
    this.part('publish-dialog').close();
    if (error.body?.findings) this.problems.show(error.body.findings);
    const known = error.body?.text;
    const alert = this.part('alert');
    alert.textContent = known ?? this.translate('The server did not answer. Your changes are still here; try again.');
    alert.hidden = false;
    this.showState();
  }
}

const page = document.querySelector('[data-studio]');
if (page && matchMedia(WIDE_ENOUGH).matches) {
  const studio = new Studio(page);
  window.wuxingStudio = { studio, untranslated };
  studio.open().catch(error => {
    const alert = studio.part('alert');
    alert.textContent = studio.translate('This file cannot be shown: {reason}', { reason: error.message });
    alert.hidden = false;
  });
}
