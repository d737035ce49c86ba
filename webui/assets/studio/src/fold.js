// The fold of the history in the browser; the server folds the same way (engine/replay.py), and a
// test compares both on the same events.

const ENDS = new Set(['instance.completed', 'instance.failed', 'instance.cancelled']);

/** Return the state before the first event. */
export function nothing() {
  return { open: new Map(), done: new Map(), cancelled: new Map(), flows: new Map(), scopes: new Map() };
}

/**
 * Apply one move of a token: `{ kind, token, element, scope, via, index }`.
 * `open` holds the tokens by id; `done`, `cancelled` and `flows` count by place, see `place`.
 */
export function apply(state, move) {
  const { kind, token, element, scope, index } = move;
  const at = place(move);
  if (kind === 'enter') state.open.set(token, { element, process: move.process, scope, index, failed: false });
  else if (kind === 'fail') {
    const standing = state.open.get(token);
    if (standing) standing.failed = true;
  } else if (kind === 'leave' || kind === 'cancel') {
    state.open.delete(token);
    count(kind === 'leave' ? state.done : state.cancelled, at);
  } else if (kind === 'flow') count(state.flows, at);
  else if (kind === 'scope') state.scopes.set(token, { element, scope });
  else if (kind === 'scope_end') state.scopes.delete(token);
  return state;
}

/** Return the state after the events up to number `seq`. */
export function stateAt(events, seq) {
  const state = nothing();
  for (const event of events) {
    if (event.seq > seq) break;
    if (ENDS.has(event.kind)) state.open.clear();
    if (event.mapping) migrate(state, event);
    event.moves.forEach(move => apply(state, move));
  }
  return state;
}

/** Say everything in the ids of another version: `places` are the tokens, `mapping` new ids by process and old one. */
export function migrate(state, { mapping, places }) {
  const before = state.open;
  state.open = new Map(places.map(({ token, ...at }) => [token, { ...at, failed: before.get(token)?.failed ?? false }]));
  for (const name of ['done', 'cancelled', 'flows']) state[name] = renamed(state[name], mapping);
}

function renamed(counts, mapping) {
  const found = new Map();
  for (const [key, n] of counts) {
    const process = key.slice(0, key.indexOf('/'));
    const element = key.slice(process.length + 1);
    const there = mapping[process]?.[element];
    if (there !== null) count(found, place({ process, element: there ?? element }), n);
  }
  return found;
}

/** Return the key of an element within its diagram. */
export function place({ process, element }) {
  return `${process}/${element}`;
}

/** Return what a place shows: the tokens in it and how often it was done, for one process. */
export function marks(state, process) {
  const found = new Map();
  const at = element => {
    if (!found.has(element)) found.set(element, { live: [], failed: 0, done: 0, cancelled: 0 });
    return found.get(element);
  };
  for (const token of state.open.values()) {
    if (token.process !== process) continue;
    at(token.element).live.push(token.index);
    if (token.failed) at(token.element).failed += 1;
  }
  for (const [name, counts] of [['done', state.done], ['cancelled', state.cancelled]]) {
    for (const [key, n] of counts) if (key.startsWith(`${process}/`)) at(key.slice(process.length + 1))[name] = n;
  }
  return found;
}

function count(counts, key, n = 1) {
  counts.set(key, (counts.get(key) ?? 0) + n);
}
