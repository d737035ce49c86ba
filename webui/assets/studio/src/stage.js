// One diagram of a replay: a viewer on a white sheet, with the marks of a moment.

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const INDEXES_SHOWN = 4;
const TRAVEL = 450;
const MARGIN = 24;
const FOOT = 36;
const LOWEST = 260;
const LARGEST = 1.1;

/** Shows one diagram in `host`; `words` are the state words, `names` the element names of the page's language. */
export class Stage {
  constructor(host, { words, names }) {
    this.viewer = new NavigatedViewer({ container: host });
    this.words = words;
    this.marked = [];
    this.viewer.on('import.parse.complete', ({ elementsById }) => {
      for (const [id, name] of Object.entries(names)) if (elementsById?.[id]?.name) elementsById[id].name = name;
    });
  }

  async open(xml) {
    await this.viewer.importXML(xml);
    this.canvas = this.viewer.get('canvas');
    this.overlays = this.viewer.get('overlays');
    this.registry = this.viewer.get('elementRegistry');
    this.fit();
  }

  /** Show the whole diagram with a margin, in a sheet no higher than it needs; again after a change of size. */
  fit() {
    this.canvas.resized();
    const { inner } = this.canvas.viewbox();
    const wide = inner.width + 2 * MARGIN;
    const high = inner.height + 2 * MARGIN + FOOT;
    const container = this.canvas.getContainer().closest('.stage');
    const scale = Math.min(LARGEST, container.clientWidth / wide);
    container.style.height = `${Math.max(LOWEST, Math.min(high * scale, innerHeight * 0.6))}px`;
    this.canvas.resized();
    const { width, height } = this.canvas.getSize();
    const fitting = Math.min(LARGEST, width / wide, height / high);
    this.canvas.viewbox({
      x: inner.x - MARGIN - (width / fitting - wide) / 2, y: inner.y - MARGIN - (height / fitting - high) / 2,
      width: width / fitting, height: height / fitting,
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
    if (element.width >= 60) this.badge(id, 'state', [this.words[state]], { top: -12, left: 8 }, state);
    if (live.some(index => index != null)) this.badge(id, 'index', indexes(live), { bottom: 10, left: 8 }, state);
    else if (live.length > 1) this.badge(id, 'index', [`×${live.length}`], { bottom: 10, left: 8 }, state);
    if (done > 1) this.badge(id, 'count', [`✓×${done}`], { top: -12, right: 30 }, 'done');
    if (cancelled && element.width >= 60 && state !== 'cancelled') this.badge(id, 'count', [`⊘×${cancelled}`], { bottom: 10, right: 30 }, 'cancelled');
  }

  mark(id, marker) {
    if (!this.registry.get(id)) return;
    this.canvas.addMarker(id, marker);
    this.marked.push([id, marker]);
  }

  badge(id, kind, words, position, state) {
    const html = document.createElement('div');
    html.className = `rp-badges rp-badges-${kind} rp-is-${state}`;
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

// Items are counted from 1 for people; a long list is cut and the rest counted.
function indexes(live) {
  const numbers = live.filter(index => index != null).sort((a, b) => a - b).map(index => `#${index + 1}`);
  const rest = numbers.length - INDEXES_SHOWN;
  return rest > 0 ? [...numbers.slice(0, INDEXES_SHOWN), `+${rest}`] : numbers;
}
