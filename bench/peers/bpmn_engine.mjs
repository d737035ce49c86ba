// bpmn-engine with its state as one JSON document per step in SQLite; all items of a fan-out open.
//
//     node bpmn_engine.mjs kept|reloaded FOLDER DIAGRAMS
//
// `kept` leaves the engine in memory and writes getState() after every step; `reloaded` also recovers
// and resumes it from what is stored before every step. The protocol is that of bench/workloads.py.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { Engine } from 'bpmn-engine';

const [way, folder, diagrams] = process.argv.slice(2);
const reloaded = way === 'reloaded';
const SMALL = 10;
const TURNS = { fan: 100, loop: 20, load: 30 };
const database = open('bpmn-engine.db', 'create table document (id integer primary key, body text)');
const insert = database.prepare('insert into document (body) values (?)');
const update = database.prepare('update document set body = ? where id = ?');
const select = database.prepare('select body from document where id = ?');

function open(name, ...tables) {
  const opened = new Database(join(folder, name));
  opened.pragma('journal_mode = wal');
  opened.pragma('synchronous = full');
  for (const table of tables) opened.exec(table);
  return opened;
}

function floorOf(opened) {
  const add = opened.prepare("insert into a (x) values ('0123456789')");
  const count = opened.prepare('update b set n = n + 1 where id = 1');
  opened.exec('insert into b values (1, 0)');
  return opened.transaction(() => {
    add.run();
    count.run();
  }).immediate;
}

const floor = floorOf(
  open(
    'floor.db',
    'create table a (id integer primary key, x text)',
    'create table b (id integer primary key, n integer)',
  ),
);

function source(diagram, items) {
  return readFileSync(join(diagrams, `${diagram}.bpmn`), 'utf8')
    .replace('@ITEMS@', String(items))
    .replace('@AGREED@', '${environment.variables.agreed}');
}

// The listener collects what waits; without a batch of that size only 50 items would be open at once.
function waiting() {
  const items = [];
  const listener = new EventEmitter();
  listener.on('activity.wait', (api) => items.push(api));
  return { items, listener };
}

async function state(engine) {
  return JSON.stringify(await engine.getState());
}

async function start(diagram, size = 1) {
  const { items, listener } = waiting();
  const engine = new Engine({ name: diagram, source: source(diagram, size), settings: { batchSize: size + 1 } });
  await engine.execute({ listener });
  const row = insert.run(await state(engine)).lastInsertRowid;
  return reloaded ? { row } : { row, engine, items };
}

async function read(row) {
  const { items, listener } = waiting();
  const engine = new Engine({ name: 'read' }).recover(JSON.parse(select.get(row).body));
  await engine.resume({ listener });
  return { engine, items };
}

async function complete(instance, agreed = false) {
  const { engine, items } = reloaded ? await read(instance.row) : instance;
  const item = items.shift();
  item.environment.variables.agreed = agreed;
  item.signal();
  update.run(await state(engine), instance.row);
}

async function ended(instance) {
  return JSON.parse(select.get(instance.row).body).state === 'idle';
}

async function timed(call) {
  const began = performance.now();
  await call();
  return performance.now() - began;
}

// One request being worked on, beside the floor: what `Run` is in bench/workloads.py.
class Run {
  constructor(seconds) {
    this.until = performance.now() + seconds * 1000;
    this.busy = 0;
  }

  async approval() {
    const lap = { ms: [], floor: [], small: [] };
    while (this.inTime()) {
      const instance = await this.started('approval');
      for (const agreed of [false, false, false, true]) {
        lap.ms.push(await this.completed(instance, agreed));
        lap.floor.push(await timed(floor));
      }
      if (lap.ms.length === 4 && !(await ended(instance))) throw new Error('the approval has not ended');
    }
    return this.answer([lap], lap.ms.length);
  }

  async fan({ items }) {
    const lap = await this.turns(TURNS.fan, this.fanOf(items), this.fanOf(SMALL));
    return this.answer([lap], lap.ms.length);
  }

  async loop({ marks }) {
    const instance = await this.started('approval');
    const laps = [];
    let reached = 0;
    for (const mark of marks) {
      for (; reached < mark && this.inTime(); reached += 1) await this.round(instance);
      if (reached < mark) break;
      const young = await this.started('approval');
      for (let i = 0; i < SMALL; i += 1) await this.round(young);
      const lap = await this.turns(TURNS.loop, () => this.round(instance), () => this.round(young));
      laps.push(lap);
      reached += lap.ms.length;
    }
    return this.answer(laps, reached);
  }

  async load({ items }) {
    const [large, small] = [await this.started('fan', items), await this.started('fan', SMALL)];
    const lap = await this.turns(TURNS.load, () => this.loaded(large, items), () => this.loaded(small, SMALL));
    return this.answer([lap], lap.ms.length);
  }

  async turns(most, large, small) {
    const lap = { ms: [], floor: [], small: [] };
    while (lap.ms.length < most && (lap.ms.length === 0 || this.inTime())) {
      lap.ms.push(await large());
      lap.floor.push(await timed(floor));
      lap.small.push(await small());
    }
    return lap;
  }

  fanOf(items) {
    let [instance, left] = [null, 0];
    return async () => {
      if (left === 0) [instance, left] = [await this.started('fan', items), items - 1];
      left -= 1;
      return this.completed(instance);
    };
  }

  async round(instance) {
    return ((await this.completed(instance)) + (await this.completed(instance))) / 2;
  }

  inTime() {
    return performance.now() < this.until;
  }

  async started(diagram, items) {
    let instance;
    this.busy += await timed(async () => (instance = await start(diagram, items)));
    return instance;
  }

  async completed(instance, agreed) {
    const cost = await timed(() => complete(instance, agreed));
    this.busy += cost;
    return cost;
  }

  async loaded(instance, expected) {
    return timed(async () => {
      const { items } = await read(instance.row);
      if (items.length !== expected) throw new Error(`${items.length} tasks instead of ${expected}`);
    });
  }

  answer(laps, reached) {
    return { laps, seconds: this.busy / 1000, reached };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { work, seconds, ...request } = JSON.parse(line);
  console.log(JSON.stringify(await new Run(seconds)[work](request)));
}
