// The problems strip: the gate's findings as links to their elements, and badges on the canvas.

/** Keep the strip in `host` in step with the findings; `choose(id)` selects an element. */
export class Problems {
  constructor(host, summary, modeler, choose, translate) {
    Object.assign(this, { host, summary, choose, translate });
    this.overlays = modeler.get('overlays');
    this.registry = modeler.get('elementRegistry');
    host.addEventListener('click', event => {
      const target = event.target.closest('[data-element]');
      if (target) this.choose(target.dataset.element);
    });
  }

  /** Show `findings`: `{ severity, element, name, rule, hint, line }`. */
  show(findings) {
    const errors = findings.filter(each => each.severity === 'error').length;
    const warnings = findings.length - errors;
    this.summary.dataset.state = errors ? 'error' : warnings ? 'warning' : 'clean';
    this.summary.textContent = findings.length
      ? this.translate('{errors} errors, {warnings} warnings', { errors, warnings })
      : this.translate('No problems: this diagram can be published.');
    this.host.replaceChildren(...findings.map(each => this.row(each)));
    this.badge(findings);
    return errors;
  }

  row({ severity, element, name, rule, hint, line }) {
    const row = document.createElement('li');
    row.className = `problem problem-${severity}`;
    const target = document.createElement(element ? 'button' : 'span');
    if (element) {
      target.type = 'button';
      target.dataset.element = element;
    }
    target.className = 'problem-element';
    target.textContent = name || element || (line ? this.translate('Line {line}', { line }) : '');
    row.append(cell('problem-severity', this.translate(severity === 'error' ? 'Error' : 'Warning')), target, cell('problem-rule', rule), cell('problem-hint', hint));
    return row;
  }

  badge(findings) {
    this.overlays.remove({ type: 'problem' });
    const byElement = Map.groupBy ? Map.groupBy(findings, each => each.element) : grouped(findings);
    for (const [id, list] of byElement) {
      if (!id || !this.registry.get(id)) continue;
      const badge = cell(`problem-badge problem-${list.some(each => each.severity === 'error') ? 'error' : 'warning'}`, '!');
      badge.title = list.map(each => each.rule).join('\n');
      this.overlays.add(id, 'problem', { position: { top: -9, left: -9 }, html: badge });
    }
  }
}

function grouped(findings) {
  const map = new Map();
  for (const each of findings) map.set(each.element, [...(map.get(each.element) ?? []), each]);
  return map;
}

function cell(className, text) {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text ?? '';
  return span;
}
