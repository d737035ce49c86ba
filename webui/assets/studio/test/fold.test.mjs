import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marks, stateAt } from '../src/fold.js';

const move = (kind, token, element, rest = {}) => ({ kind, token, element, scope: 0, process: 'p', ...rest });
const events = [
  { seq: 1, moves: [move('enter', 1, 'Start')] },
  { seq: 2, moves: [move('leave', 1, 'Start'), move('flow', 1, 'f1'), move('enter', 2, 'Fill'), move('enter', 3, 'Fill', { index: 1 })] },
  { seq: 3, moves: [move('leave', 2, 'Fill'), move('fail', 3, 'Fill', { index: 1 })] },
  { seq: 4, moves: [move('cancel', 3, 'Fill')] },
];

test('a moment shows the tokens that are open then', () => {
  assert.deepEqual([...stateAt(events, 2).open.keys()], [2, 3]);
  assert.deepEqual([...stateAt(events, 4).open.keys()], []);
});

test('what was left counts as done, what was cancelled does not', () => {
  const state = stateAt(events, 4);
  assert.equal(state.done.get('p/Fill'), 1);
  assert.equal(state.cancelled.get('p/Fill'), 1);
  assert.equal(state.flows.get('p/f1'), 1);
});

test('the marks of a place tell parallel items and failures apart', () => {
  const { live, failed, done } = marks(stateAt(events, 3), 'p').get('Fill');
  assert.deepEqual(live, [1]);
  assert.equal(failed, 1);
  assert.equal(done, 1);
});

test('another process has marks of its own', () => {
  assert.equal(marks(stateAt(events, 3), 'other').size, 0);
});
