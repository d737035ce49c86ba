// Reads a JSON list of [expression, context] and prints the list of their values; what has no value is null.
import { readFileSync } from "node:fs";
import { evaluate } from "@bpmn-io/feelin";

const cases = JSON.parse(readFileSync(0, "utf8"));

function value([expression, context]) {
  try {
    return evaluate(expression, context).value ?? null;
  } catch (error) {
    return { "not an expression": String(error.message) };
  }
}

process.stdout.write(JSON.stringify(cases.map(value)));
