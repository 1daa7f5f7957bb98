import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, counts, emptyCopy } from "../../../eventhub/static/js/door/copy.js";

const registration = (id, more = {}) => ({
  id,
  name: id,
  structure: "",
  state: "confirmed",
  checkpoints: ["1"],
  present: {},
  ...more,
});
const here = { 1: { scans: ["s"], at: "", device: "", mode: "onsite" } };
const snapshot = (registrations, more = {}) => ({
  cursor: "e.1",
  full: true,
  event: { title: "NEC" },
  checkpoints: [{ id: "1" }],
  server_time: "2027-04-08T08:00:00+00:00",
  registrations,
  removed: [],
  ...more,
});

test("a whole copy replaces, a partial one changes", () => {
  const whole = applied(emptyCopy(), snapshot([registration("a"), registration("b")]));
  const partial = snapshot([registration("b", { present: here }), registration("c")], {
    full: false,
    cursor: "e.2",
    removed: ["a"],
  });
  const after = applied(whole, partial);
  assert.deepEqual([...after.registrations.keys()], ["b", "c"]);
  assert.deepEqual(after.registrations.get("b").present, here);
  assert.equal(after.cursor, "e.2");
  assert.equal(whole.registrations.size, 2, "the copy before is left as it was");
  assert.deepEqual([...applied(after, snapshot([])).registrations.keys()], []);
});

test("people are counted by where they are and where they are expected", () => {
  const elsewhere = { 2: { scans: [], at: null, device: "", mode: "onsite" } };
  const copy = applied(
    emptyCopy(),
    snapshot([
      registration("here", { present: here }),
      registration("elsewhere", { present: elsewhere }),
      registration("expected"),
      registration("invited", { state: "invited" }),
      registration("waiting", { state: "waiting" }),
      registration("gone", { state: "cancelled", present: here }),
      registration("other room", { checkpoints: ["2"] }),
    ]),
  );
  assert.deepEqual(counts(copy, "1"), { present: 3, here: 2, expected: 3, registered: 5 });
});
