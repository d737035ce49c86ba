// Prints the fold after each event of a file that the server wrote, for the comparison in tests/web/test_audit.py.

import { readFileSync } from 'node:fs';
import { stateAt } from '../src/fold.js';

const record = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const named = ([kind, token, element, scope, via, index, process = record.process]) => ({
  kind, token, element, scope, via, index, process,
});
const standing = ([token, element, scope, index, process = record.process]) => ({ token, element, scope, index, process });
const events = record.events.map(event => ({ ...event, moves: event.moves.map(named), places: event.places?.map(standing) }));
const plain = counts => Object.fromEntries(counts);

const frames = events.map(({ seq }) => {
  const { open, done, flows } = stateAt(events, seq);
  return {
    open: Object.fromEntries([...open].map(([token, { element, process, scope, index }]) => [token, [`${process}/${element}`, scope, index]])),
    failed: [...open].filter(([, { failed }]) => failed).map(([token]) => token),
    done: plain(done),
    flows: plain(flows),
  };
});
console.log(JSON.stringify(frames));
