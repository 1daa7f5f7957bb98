import assert from "node:assert/strict";
import { test } from "node:test";

import { Wedge } from "../../../eventhub/static/js/door/wedge.js";

const CODE = "K7QM2RXP";
const TICKET =
  "W62000$*0L72TL6$ZA05F8JJ100KB0*M0DY0W016C1PN1:Y1I12$C2BO2UZ2" +
  "423ND3.O3G 3Z249E4SP42$4L35+E5EQ5X$5746QF60R6J%6%47CG7VR75*7";

/** Press the keys of a text, `gap` ms apart, then `end`; the last answer. */
function type(wedge, text, { gap = 5, start = 0, end = "Enter", editing = false, keys } = {}) {
  let time = start;
  const taken = [];
  for (const character of text) {
    time += gap;
    taken.push(wedge.press({ ...(keys?.(character) ?? { key: character }), time, editing }).take);
  }
  return { ...wedge.press({ key: end, time: time + gap, editing }), taken };
}

test("a scanner is heard with no field focused", () => {
  const answer = type(new Wedge(), TICKET);
  assert.equal(answer.text, TICKET);
  assert.ok(answer.take);
  assert.ok(answer.taken.every(Boolean), "no key of a scan may press a button");
});

test("a scanner that ends by a tab is heard too", () => {
  assert.equal(type(new Wedge(), TICKET, { end: "Tab" }).text, TICKET);
});

test("a code typed by hand is heard, slowly", () => {
  assert.equal(type(new Wedge(), CODE, { gap: 900 }).text, CODE);
});

test("any text of some length is given back: the server says what it is", () => {
  assert.equal(type(new Wedge(), "bonjour").text, "bonjour");
  assert.deepEqual(type(new Wedge(), "ab").take, false);
});

test("a pause forgets what was begun", () => {
  const wedge = new Wedge();
  wedge.press({ key: "X", time: 0 });
  assert.equal(type(wedge, CODE, { start: 6000 }).text, CODE);
});

test("in a field, typing by hand is left alone and a scan is heard", () => {
  const byHand = type(new Wedge(), "camille b", { gap: 150, editing: true });
  assert.deepEqual([byHand.take, byHand.taken.some(Boolean)], [false, false]);
  assert.equal(type(new Wedge(), CODE, { gap: 150, editing: true }).take, false);
  assert.equal(type(new Wedge(), TICKET, { editing: true }).text, TICKET);
  assert.equal(type(new Wedge(), "bonjour a tous", { editing: true }).take, false);
});

test("a scanner set to another keyboard is understood by the places of its keys", () => {
  const azerty = { 2: "é", 7: "è", Q: "A", M: ",", A: "Q", W: "Z", Z: "W" };
  const keys = (character) => ({
    key: azerty[character] ?? character,
    code: /\d/.test(character) ? `Digit${character}` : `Key${character}`,
    shift: /[A-Z]/.test(character),
  });
  assert.equal(type(new Wedge(), CODE, { keys }).text, CODE);
});

test("a space or Enter by hand presses buttons as ever", () => {
  const wedge = new Wedge();
  assert.equal(wedge.press({ key: " ", time: 0 }).take, false);
  assert.equal(wedge.press({ key: "Enter", time: 10 }).take, false);
  assert.equal(wedge.press({ key: "Tab", time: 20 }).take, false);
});

test("a mistake is taken back", () => {
  const wedge = new Wedge();
  for (const [at, key] of ["K", "7", "Q", "M", "X", "Backspace"].entries()) {
    wedge.press({ key, time: at * 300 });
  }
  assert.equal(wedge.text, "K7QM");
  wedge.press({ key: "Escape", time: 2000 });
  assert.equal(wedge.text, "");
});
