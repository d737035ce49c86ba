import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitting } from '../src/panel/completion.js';

const offers = ['amount', 'total amount', 'approved', '金额'].map(name => ({ name }));
const names = typed => fitting(offers, typed).map(({ name }) => name);

test('what begins with the typed letters comes first, whatever their case', () => {
  assert.deepEqual(names('AM'), ['amount', 'total amount']);
  assert.deepEqual(names('金'), ['金额']);
});

test('a name that is written out is not offered, and nothing typed offers everything', () => {
  assert.deepEqual(names('approved'), []);
  assert.equal(names('').length, 4);
});

test('long lists are cut', () => {
  const many = Array.from({ length: 30 }, (_, number) => ({ name: `v${number}` }));
  assert.equal(fitting(many, 'v').length, 8);
});
