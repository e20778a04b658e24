// Comparisons that count themselves: the last line of a script says how many there were.
import assert from "node:assert/strict";

let count = 0;

export function equal(actual, expected, what) {
  assert.deepStrictEqual(actual, expected, what);
  count++;
}

export function holds(condition, what) {
  assert.ok(condition, what);
  count++;
}

/** The promise fails with an error reply that matches. */
export async function fails(promise, pattern) {
  await assert.rejects(promise, (error) => {
    assert.match(error.message, pattern);
    return true;
  });
  count++;
}

export function report() {
  console.log(`${count} checks`);
}

/** Every byte there is, line ends and zeros included; always the same for a size. */
export function noise(size) {
  const bytes = Buffer.alloc(size);
  let state = size;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

export function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
