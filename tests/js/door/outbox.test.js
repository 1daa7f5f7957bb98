import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../../eventhub/static/js/door/outbox.js";

const answer = (scans) => ({ verdicts: scans.map(({ id }) => ({ id, verdict: "accepted" })) });

/** An outbox over a network that fails as long as `net.down`. */
function outbox(net) {
  const told = [];
  const box = new Outbox(
    async (scans, pending) => {
      net.calls = [...(net.calls ?? []), [scans.map(({ id }) => id), pending]];
      if (net.down) throw new Error("no network");
      return net.answer?.(scans) ?? answer(scans);
    },
    (scan, verdict) => told.push([scan.id, verdict.verdict]),
  );
  return { box, told };
}

test("a scan is answered and leaves", async () => {
  const { box, told } = outbox({});
  assert.equal((await box.add({ id: "a" })).verdict, "accepted");
  assert.deepEqual(told, [["a", "accepted"]]);
  assert.equal(box.size, 0);
});

test("without a network it waits, and goes with the next ones, in order", async () => {
  const net = { down: true };
  const { box, told } = outbox(net);
  await assert.rejects(box.add({ id: "a" }));
  await assert.rejects(box.add({ id: "b" }));
  assert.equal(box.size, 2);
  net.down = false;
  assert.equal((await box.add({ id: "c" })).verdict, "accepted");
  assert.deepEqual(told.map(([id]) => id), ["a", "b", "c"]);
  assert.equal(box.size, 0);
});

test("two scans at once are each answered once", async () => {
  const net = {};
  const { box, told } = outbox(net);
  const verdicts = await Promise.all([box.add({ id: "a" }), box.add({ id: "b" })]);
  assert.deepEqual(verdicts.map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(told.map(([id]) => id).sort(), ["a", "b"]);
});

test("what the server has not answered stays", async () => {
  const net = { answer: () => ({ verdicts: [] }) };
  const { box } = outbox(net);
  await assert.rejects(box.add({ id: "a" }));
  assert.equal(box.size, 1);
});

test("tries are further and further apart, half a minute at most", async () => {
  const net = { down: true };
  const { box } = outbox(net);
  const waits = [];
  for (let count = 0; count < 7; count += 1) {
    await assert.rejects(box.add({ id: `${count}` }));
    waits.push(box.wait);
  }
  assert.deepEqual(waits, [2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test("more than five hundred go in several calls, each saying what is left", async () => {
  const net = { down: true };
  const { box } = outbox(net);
  const all = Array.from({ length: 501 }, (_, id) => box.add({ id: `${id}` }).catch(() => null));
  await Promise.all(all);
  net.down = false;
  net.calls = [];
  await box.flush();
  await box.flush();
  assert.deepEqual(net.calls.map(([ids, pending]) => [ids.length, pending]), [
    [500, 1],
    [1, 0],
  ]);
  assert.equal(box.size, 0);
});
