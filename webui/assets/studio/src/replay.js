// The auditor's page: walk through the history of an instance on the diagram it ran.

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import { marks, nothing, stateAt } from './fold.js';
import { get, text } from './server.js';
import { Stage } from './stage.js';

const PAUSE = 650;
const DETAIL_AFTER = 120;
const still = matchMedia('(prefers-reduced-motion: reduce)');

class Replay {
  constructor(page) {
    this.page = page;
    this.urls = page.dataset;
    this.stages = new Map();
    this.part = name => page.querySelector(`[data-part="${name}"]`);
  }

  async open() {
    this.record = await get(this.urls.events);
    this.events = this.record.events.map(event => ({
      ...event,
      moves: event.moves.map(move => this.named(move)),
      places: event.places?.map(at => this.standing(at)),
    }));
    this.rows = this.fillTable();
    this.listen();
    const last = this.events.length;
    this.part('slider').max = last;
    this.page.dataset.live = 'yes';
    await this.go(this.wanted() ?? last);
    this.page.dataset.ready = 'yes';
  }

  // Moves travel as short rows; only a called process is named in them.
  named([kind, token, element, scope, via, index, process = this.record.process]) {
    return { kind, token, element, scope, via, index, process };
  }

  standing([token, element, scope, index, process = this.record.process]) {
    return { token, element, scope, index, process };
  }

  wanted() {
    const asked = Number(location.hash.slice(1) || this.urls.at);
    return this.events.some(event => event.seq === asked) ? asked : null;
  }

  listen() {
    const slider = this.part('slider');
    slider.addEventListener('input', () => this.go(Number(slider.value)));
    this.part('previous').addEventListener('click', () => this.step(-1));
    this.part('next').addEventListener('click', () => this.step(1));
    this.part('play').addEventListener('click', () => this.toggle());
    this.part('fit').addEventListener('click', () => this.toggleWhole());
    window.addEventListener('hashchange', () => this.wanted() && this.go(this.wanted()));
    document.addEventListener('keydown', event => this.shortcut(event));
    this.part('rows').addEventListener('click', event => this.pickRow(event));
    for (const tab of this.tabs()) tab.addEventListener('click', event => { event.preventDefault(); this.turnTo(tab.dataset.process); });
  }

  toggleWhole() {
    this.whole = !this.whole;
    this.part('fit').setAttribute('aria-pressed', String(this.whole));
    this.stage.fit({ whole: this.whole });
  }

  shortcut(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('textarea, select, input:not([type=range])')) return;
    if (event.key === 'j') this.step(1);
    else if (event.key === 'k') this.step(-1);
    else if (event.key === 'p') this.toggle();
    else return;
    event.preventDefault();
  }

  pickRow(event) {
    const row = event.target.closest('[data-seq]');
    if (!row || event.ctrlKey || event.metaKey || event.button) return;
    event.preventDefault();
    this.go(Number(row.dataset.seq));
  }

  step(by) {
    this.playing = false;
    return this.go(this.seq + by, by > 0);
  }

  async toggle() {
    this.playing = !this.playing;
    this.showPlaying();
    if (this.seq >= this.events.length) await this.go(0);
    while (this.playing && this.seq < this.events.length) {
      await this.go(this.seq + 1, true);
      await new Promise(done => setTimeout(done, PAUSE));
    }
    this.playing = false;
    this.showPlaying();
  }

  showPlaying() {
    const button = this.part('play');
    button.setAttribute('aria-pressed', String(Boolean(this.playing)));
    button.querySelector('[data-part="play-word"]').textContent = this.playing ? button.dataset.pause : button.dataset.play;
  }

  /** Show the moment after event `seq`; forwards, dots travel along the flows that were taken. */
  async go(seq, moving = false) {
    this.seq = Math.max(0, Math.min(this.events.length, seq));
    const event = this.events[this.seq - 1];
    this.tell(event);
    await this.turnTo(this.diagramOf(event) ?? this.sheet?.key ?? this.events[0]?.sheet ?? this.record.diagrams[0].key);
    const flows = event?.moves.filter(move => move.kind === 'flow' && move.process === this.process) ?? [];
    const shown = this.seq;
    if (moving && !still.matches) for (const flow of flows.slice(0, 6)) if (this.seq === shown) await this.stage.travel(flow.element);
    if (this.seq === shown) this.paint();
  }

  diagramOf(event) {
    return this.record.diagrams.find(each => each.key === event?.sheet)?.key;
  }

  // A sheet is a process in one version: an instance that was migrated has one for each.
  async turnTo(key) {
    const changed = key !== this.sheet?.key;
    this.sheet = this.record.diagrams.find(each => each.key === key);
    this.process = this.sheet.process;
    if (!this.stages.has(key)) await this.draw(key);
    for (const [name, { host }] of this.stages) host.hidden = name !== key;
    for (const tab of this.tabs()) tab.toggleAttribute('aria-current', tab.dataset.process === key);
    this.stage = this.stages.get(key).stage;
    if (changed) this.stage.fit({ whole: this.whole });
    this.paint();
  }

  /** Whether the sheet's version ran at this moment; the diagram of another one shows no tokens. */
  ranHere() {
    const stretch = this.record.stretches.filter(first => first <= Math.max(1, this.seq)).pop();
    return this.sheet.since.includes(stretch);
  }

  async draw(key) {
    const host = document.createElement('div');
    host.className = 'stage';
    this.part('sheet').append(host);
    const stage = new Stage(host, { words: this.record.words, names: this.record.names });
    this.stages.set(key, { host, stage });
    await stage.open(await text(this.record.diagrams.find(each => each.key === key).xml));
  }

  paint() {
    if (!this.stage?.canvas) return;
    const state = this.ranHere() ? stateAt(this.events, this.seq) : nothing();
    const taken = [...state.flows.keys()].filter(key => key.startsWith(`${this.process}/`)).map(key => key.slice(this.process.length + 1));
    const event = this.events[this.seq - 1];
    const current = event?.sheet === this.sheet.key ? event.element : null;
    this.stage.show(marks(state, this.process), taken, current);
    const entered = event?.moves.filter(move => move.kind === 'enter' && move.process === this.process).map(move => move.element).reverse() ?? [];
    const standing = [...state.open.values()].filter(token => token.process === this.process).map(token => token.element);
    this.stage.follow([current, ...entered, ...standing.reverse()].filter(Boolean));
  }

  tell(event) {
    const slider = this.part('slider');
    slider.value = this.seq;
    slider.setAttribute('aria-valuetext', event ? `${event.time} ${event.what}` : '');
    this.part('moment').textContent = event ? `${event.time} · ${this.seq}/${this.events.length}` : `0/${this.events.length}`;
    this.part('status').textContent = event ? [event.what, event.who].filter(Boolean).join(' · ') : '';
    for (const row of this.rows) row.toggleAttribute('aria-current', Number(row.dataset.seq) === this.seq);
    this.showRow(this.rows[this.seq - 1]);
    if (event) history.replaceState(null, '', `#${this.seq}`);
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.detail(), DETAIL_AFTER);
  }

  // Scrolls the list alone: the page must not jump while the person looks at the diagram.
  showRow(row) {
    const list = this.part('events');
    if (!row) return;
    const [top, bottom] = [row.offsetTop - 48, row.offsetTop + row.offsetHeight + 8];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  async detail() {
    const seq = this.seq;
    if (!seq) return;
    const html = await text(this.urls.detail.replace(/0$/, seq));
    if (seq === this.seq) this.part('detail').innerHTML = html;
  }

  fillTable() {
    const rows = this.events.map(event => this.row(event));
    this.part('rows').replaceChildren(...rows);
    return rows;
  }

  row({ seq, time, what, who, sign }) {
    const row = document.createElement('tr');
    row.dataset.seq = seq;
    row.dataset.sign = sign;
    const link = Object.assign(document.createElement('a'), { href: `?at=${seq}`, textContent: what });
    const cells = [seq, time, link, who].map(content => {
      const cell = document.createElement('td');
      cell.append(content ?? '');
      return cell;
    });
    row.append(...cells);
    return row;
  }

  tabs() {
    return [...this.page.querySelectorAll('[data-part="diagrams"] [data-process]')];
  }
}

const page = document.querySelector('[data-replay]');
if (page) {
  const replay = new Replay(page);
  window.wuxingReplay = replay;
  replay.open().catch(error => {
    const alert = replay.part('alert');
    alert.hidden = false;
    alert.append(` ${error.message}`);
  });
}
