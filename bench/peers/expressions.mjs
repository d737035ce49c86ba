// The expressions of bench/feel.py in feelin, which has no parsed form: each call reads its text again.
// Reads what expressions.py reads and prints the median CPU milliseconds of each text.
import { readFileSync } from 'node:fs';
import { evaluate } from 'feelin';

const { context, calls, rounds, texts } = JSON.parse(readFileSync(0, 'utf8'));
const values = { ...context, all_confirmed: () => true };

function milliseconds(text) {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) evaluate(text, values);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / calls;
}

function median(text) {
  const found = Array.from({ length: rounds }, () => milliseconds(text)).sort((a, b) => a - b);
  return found[found.length >> 1];
}

process.stdout.write(JSON.stringify({ feelin: Object.fromEntries(texts.feelin.map((text) => [text, median(text)])) }));
