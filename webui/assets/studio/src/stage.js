// One diagram of a replay: a viewer on a white sheet, with the marks of a moment.

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const INDEXES_SHOWN = 4;
const TRAVEL = 450;
const MARGIN = 24;
const FOOT = 36;
const LOWEST = 260;
const LARGEST = 1.1;
const READABLE = 0.5;
const FOLLOWING = 0.66;
const LABEL_WIDTH = 90;

/** Shows one diagram in `host`; `words` are the state words, `names` the element names of the page's language. */
export class Stage {
  constructor(host, { words, names }) {
    this.viewer = new NavigatedViewer({ container: host });
    this.words = words;
    this.marked = [];
    this.viewer.on('import.parse.complete', ({ elementsById }) => {
      for (const [id, name] of Object.entries(names)) if (elementsById?.[id]?.name) elementsById[id].name = name;
      widenLabels(elementsById ?? {}, names);
    });
  }

  async open(xml) {
    await this.viewer.importXML(xml);
    this.canvas = this.viewer.get('canvas');
    this.overlays = this.viewer.get('overlays');
    this.registry = this.viewer.get('elementRegistry');
    this.fit();
  }

  /** Fit the sheet to the diagram: whole when that can be read or is wished, else a part that follows the tokens. */
  fit({ whole = false } = {}) {
    this.canvas.resized();
    const { inner } = this.canvas.viewbox();
    const wide = inner.width + 2 * MARGIN;
    const high = inner.height + 2 * MARGIN + FOOT;
    const sheet = this.canvas.getContainer().closest('.stage');
    const full = Math.min(LARGEST, sheet.clientWidth / wide);
    this.follows = !whole && full < READABLE;
    const scale = this.follows ? FOLLOWING : full;
    sheet.style.height = `${Math.max(LOWEST, Math.min(high * scale, innerHeight * 0.6))}px`;
    this.canvas.resized();
    const { width, height } = this.canvas.getSize();
    this.scale = this.follows ? FOLLOWING : Math.min(full, height / high);
    this.centre(inner.x + inner.width / 2, inner.y + (inner.height + FOOT) / 2, width, height);
    if (this.follows) this.follow(this.watched ?? []);
  }

  /** Bring the first of these elements that is drawn into view, when the sheet shows a part only. */
  follow(ids) {
    this.watched = ids;
    const element = ids.map(id => this.registry.get(id)).find(Boolean);
    if (!this.follows || !element) return;
    const { width, height } = this.canvas.getSize();
    const view = this.canvas.viewbox();
    const { x, y } = element.waypoints ? element.waypoints[0] : { x: element.x + element.width / 2, y: element.y + element.height / 2 };
    const inside = Math.abs(x - view.x - view.width / 2) < view.width * 0.32 && Math.abs(y - view.y - view.height / 2) < view.height * 0.3;
    if (!inside) this.centre(x, y, width, height);
  }

  // A part of the diagram never shows more than a margin of nothing beside it.
  centre(x, y, width, height) {
    const { inner } = this.canvas.viewbox();
    const [w, h] = [width / this.scale, height / this.scale];
    this.canvas.viewbox({
      x: within(x - w / 2, inner.x - MARGIN, inner.x + inner.width + MARGIN - w),
      y: within(y - h / 2, inner.y - MARGIN, inner.y + inner.height + MARGIN + FOOT - h),
      width: w, height: h,
    });
  }

  /** Replace all marks by `places` (see fold.js) and the taken `flows`; `current` is the element of the event. */
  show(places, flows, current) {
    this.marked.forEach(([id, marker]) => this.canvas.removeMarker(id, marker));
    this.marked = [];
    this.overlays.remove({ type: 'replay' });
    for (const id of flows) this.mark(id, 'rp-taken');
    for (const [id, place] of places) this.place(id, place);
    if (current) this.mark(current, 'rp-current');
  }

  place(id, { live, failed, done, cancelled }) {
    const element = this.registry.get(id);
    if (!element) return;
    const state = failed ? 'failed' : live.length ? 'now' : done ? 'done' : 'cancelled';
    this.mark(id, `rp-${state}`);
    const words = [...(live.some(index => index != null) ? indexes(live) : live.length > 1 ? [`×${live.length}`] : [])];
    const counts = [...(done > 1 || (done && live.length) ? [`✓×${done}`] : []), ...(cancelled && state !== 'cancelled' ? [`⊘×${cancelled}`] : [])];
    if (element.width >= 60) this.badge(id, [this.words[state], ...words, ...counts], { top: -12, left: 8 }, state);
    else if (words.length || counts.length) this.badge(id, [...words, ...counts], { top: element.height - 10, left: element.width - 8 }, state);
  }

  mark(id, marker) {
    if (!this.registry.get(id)) return;
    this.canvas.addMarker(id, marker);
    this.marked.push([id, marker]);
  }

  badge(id, words, position, state) {
    const html = document.createElement('div');
    html.className = `rp-badges rp-is-${state}`;
    html.append(...words.map(word => Object.assign(document.createElement('span'), { className: 'rp-badge', textContent: word })));
    this.overlays.add(id, 'replay', { position, html, show: { minZoom: 0.3 } });
  }

  /** Let a dot travel along a flow; resolves when it has arrived. */
  travel(id) {
    const path = this.registry.get(id) && this.canvas.getGraphics(id).querySelector('.djs-visual path');
    if (!path) return Promise.resolve();
    const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    dot.setAttribute('r', 7);
    dot.setAttribute('class', 'rp-dot');
    this.canvas.getActiveLayer().append(dot);
    return new Promise(arrived => {
      const start = performance.now();
      const frame = now => {
        const part = Math.min(1, Math.max(0, (now - start) / TRAVEL));
        const { x, y } = path.getPointAtLength(path.getTotalLength() * part);
        dot.setAttribute('cx', x);
        dot.setAttribute('cy', y);
        if (part < 1) return requestAnimationFrame(frame);
        dot.remove();
        return arrived();
      };
      requestAnimationFrame(frame);
    });
  }
}

function within(wanted, least, most) {
  return least > most ? wanted : Math.min(Math.max(wanted, least), most);
}

// A name in another language is often longer than the place its label was given.
function widenLabels(elementsById, names) {
  for (const drawn of Object.values(elementsById)) {
    const bounds = drawn.label?.bounds;
    if (!bounds || !names[drawn.bpmnElement?.id] || bounds.width >= LABEL_WIDTH) continue;
    bounds.x -= (LABEL_WIDTH - bounds.width) / 2;
    bounds.width = LABEL_WIDTH;
  }
}

// Items are counted from 1 for people; a long list is cut and the rest counted.
function indexes(live) {
  const numbers = live.filter(index => index != null).sort((a, b) => a - b).map(index => `#${index + 1}`);
  const rest = numbers.length - INDEXES_SHOWN;
  return rest > 0 ? [...numbers.slice(0, INDEXES_SHOWN), `+${rest}`] : numbers;
}
