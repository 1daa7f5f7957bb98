// The door page: hears scanners and fingers, sends scans, shows what the server says.

import { readCopy, Refused, sendScans } from "./api.js";
import { applied, counts, emptyCopy } from "./copy.js";
import { feedback, unlockSound } from "./feedback.js";
import { Outbox } from "./outbox.js";
import * as screens from "./screens.js";
import { readShortCode } from "./ticket.js";
import { COUNTING, ICONS, OVERRIDABLE, VERDICTS } from "./verdicts.js";
import { Wedge } from "./wedge.js";
import { about, arrival, count, hour } from "./words.js";

const REFRESH_MS = 10000;
const NOTED = {
  undo: "Le passage est annulé.",
  excuse: "Excuse enregistrée.",
  walk_in: "Inscription et présence enregistrées.",
};
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const byId = (id) => document.getElementById(id);
const root = byId("door");
const { token, snapshot, scans, timezone } = root.dataset;
const modes = root.dataset.modes.split(" ");
const server = { token, snapshot, scans };
const categories = new Map(
  [...byId("category").options].map((option) => [option.value, option.value && option.text]),
);

let copy = emptyCopy();
let online = true;
let person = null; // whose sheet is open
let last = null; // the scan whose verdict is shown: {scan, who, verdict}, null: not recorded
let ended = false; // this device may no longer read the copy
let toUndo = []; // ids of the scans that a reason is asked for
let offset = null; // the server's clock less ours, in ms
let retry = null;
let refreshing = null;
const wedge = new Wedge();
const outbox = new Outbox(
  async (batch, pending) => noteClock(await sendScans(server, batch, pending)),
  () => {},
);

const checkpoint = () => byId("checkpoint").value;

function noteClock(answer) {
  offset = Date.parse(answer.server_time) - Date.now();
  return answer;
}

// --- the copy

async function refresh() {
  if (ended) return;
  try {
    copy = applied(copy, noteClock(await readCopy(server, copy.cursor, outbox.size)));
    online = true;
  } catch (error) {
    failed(error);
  }
  render();
}

function failed(error) {
  online = false;
  if (error instanceof Refused && error.status === 401) closed(error);
}

/** The organiser has taken this device away, or its time is over: the names go. */
function closed(error) {
  ended = true;
  clearInterval(refreshing);
  copy = emptyCopy();
  person = null;
  screens.showVerdict({
    word: "Poste retiré",
    colour: "red",
    iconName: ICONS.red,
    who: "",
    about: "",
    message: error.message,
    then: outbox.size > 0 ? "Des passages n’ont pas pu partir : prévenez l’organisation." : "",
    buttons: [],
  });
}

function render() {
  screens.showSync(outbox.size, online);
  const found = counts(copy, checkpoint());
  const line = copy.at
    ? `${count(found.registered, "inscription")}, copie de ${hour(copy.at, timezone)}. ` +
      "Douchette, code ou nom."
    : "La liste se charge…";
  screens.showCounts(found, line);
  if (screens.shown() === "names") renderNames();
}

function renderNames() {
  screens.showNames([...copy.registrations.values()], byId("query").value, checkpoint(), {
    present: (who) => notePresent(who, who.mode),
    open: openPerson,
  });
}

function openPerson(who) {
  person = copy.registrations.get(who.id) ?? who;
  screens.showPerson(person, checkpoint(), categories, timezone);
}

// --- scans

function newScan(fields) {
  return {
    id: crypto.randomUUID(),
    checkpoint: checkpoint(),
    scanned_at: new Date().toISOString(),
    ...(offset === null ? {} : { offset_ms: offset }),
    ...fields,
  };
}

/** Keep a scan, send it, and show what it came to. */
async function record(scan, who = "") {
  const asked = outbox.add(scan);
  const from = screens.shown();
  render();
  try {
    const verdict = await asked;
    online = true;
    await refresh();
    if (!ended && mayShow(from)) showVerdict(scan, verdict, who);
  } catch (error) {
    failed(error);
    if (!ended && mayShow(from)) showNotRecorded(scan, who);
    plan();
  }
  render();
}

/** Whether a verdict may take the screen: not from under someone who has begun to type a name. */
function mayShow(from) {
  return screens.shown() === from || !["walk-in", "reason"].includes(screens.shown());
}

function readText(text) {
  byId("code").value = "";
  record(newScan({ kind: "arrival", ticket: text, mode: modes[0] }));
}

function notePresent(who, mode) {
  const wanted = modes.includes(mode) ? mode : modes[0];
  record(newScan({ kind: "arrival", registration: who.id, mode: wanted }), who.name);
}

function showVerdict(scan, verdict, who) {
  last = { scan, who, verdict: verdict.verdict };
  const meaning = VERDICTS[verdict.verdict];
  const found = copy.registrations.get(verdict.registration);
  const admitted = scan.override && OVERRIDABLE.includes(verdict.verdict);
  const colour = admitted ? "green" : meaning.colour === "none" ? "amber" : meaning.colour;
  const counted = admitted || (scan.kind === "arrival" && COUNTING.includes(verdict.verdict));
  const added = scan.kind === "walk_in" && verdict.verdict === "recorded";
  const mayAdmit = scan.kind === "arrival" && !admitted && OVERRIDABLE.includes(verdict.verdict);
  const mayAdd = verdict.verdict === "unknown" && readShortCode(scan.ticket ?? "") !== null;
  const buttons = [];
  if (counted || added) buttons.push("undo");
  if (mayAdmit) buttons.push("admit");
  if (mayAdd) buttons.push("walk-in-instead");
  screens.showVerdict({
    word: admitted ? "Admis·e" : meaning.word,
    colour,
    iconName: ICONS[colour],
    who: found?.name || who,
    about: found ? about(found, categories) : "",
    message: message(scan, verdict),
    then: nextStep(verdict.verdict, mayAdmit, mayAdd),
    buttons,
  });
  feedback(colour);
}

/** The server's sentence; of what has been noted, what it was. */
function message(scan, verdict) {
  if (verdict.first_seen) return arrival(verdict.first_seen, timezone);
  const isPlain = verdict.message === VERDICTS.recorded.sentence;
  return isPlain ? NOTED[scan.kind] : verdict.message;
}

function nextStep(verdict, mayAdmit, mayAdd) {
  if (verdict === "already_present") return "Même personne ? Rien à faire.";
  if (mayAdmit) return "La personne est là ? Vous pouvez l’admettre.";
  if (mayAdd) return "La personne est là ? Vous pouvez l’ajouter sur place.";
  return "";
}

function showNotRecorded(scan, who) {
  last = { scan, who, verdict: null };
  screens.showVerdict({
    word: "Non enregistré",
    colour: "red",
    iconName: ICONS.red,
    who,
    about: "",
    message: "Le serveur ne répond pas. Ce passage est gardé dans cette page, il repartira seul.",
    then: "Ne fermez pas la page. Vous pouvez continuer.",
    buttons: ["retry"],
  });
  feedback("red");
}

// --- trying again

function plan() {
  clearTimeout(retry);
  if (outbox.size > 0) retry = setTimeout(again, outbox.wait);
}

async function again() {
  try {
    while (outbox.size > 0) await outbox.flush();
    online = true;
    if (last?.verdict === null && screens.shown() === "verdict") recovered();
    await refresh();
  } catch (error) {
    failed(error);
    plan();
  }
  render();
}

function recovered() {
  next();
  screens.say("Les passages gardés sont partis.");
}

// --- what the agent does

function next() {
  last = null;
  person = null;
  toUndo = [];
  wedge.clear();
  screens.show("ready");
}

function openNames() {
  byId("query").value = "";
  screens.show("names", byId("query"));
  renderNames();
}

function openWalkIn() {
  byId("walk-in").reset();
  screens.showErrors(byId("walk-in"), []);
  const structures = new Set([...copy.registrations.values()].map((one) => one.structure));
  byId("structures").replaceChildren(
    ...[...structures].filter(Boolean).map((name) => new Option(name)),
  );
  screens.show("walk-in", byId("given-name"));
}

function askReason(ids, who) {
  toUndo = ids;
  byId("reason-who").textContent = who;
  screens.show("reason", byId("reason-title"));
}

async function undo(reason) {
  const ids = toUndo;
  const who = byId("reason-who").textContent;
  toUndo = [];
  const undos = ids.map((id) => newScan({ kind: "undo", undoes: id, reason }));
  await Promise.all(undos.slice(1).map((scan) => outbox.add(scan).catch(() => null)));
  await record(undos[0], who);
}

function addWalkIn(form) {
  const data = new FormData(form);
  const field = (name) => String(data.get(name) ?? "").trim();
  const wrong = ["given_name", "family_name"].filter((name) => field(name) === "");
  if (field("email") && !EMAIL.test(field("email"))) wrong.push("email");
  screens.showErrors(form, wrong);
  if (wrong.length > 0) return;
  const who = {};
  for (const name of ["given_name", "family_name", "structure", "email", "category"]) {
    if (field(name)) who[name] = field(name);
  }
  record(
    newScan({
      kind: "walk_in",
      registration: crypto.randomUUID(),
      person: who,
      mode: field("mode") || modes[0],
    }),
    `${who.given_name} ${who.family_name}`,
  );
}

const ACTIONS = {
  next,
  names: openNames,
  "walk-in": openWalkIn,
  "walk-in-instead": openWalkIn,
  retry: again,
  undo: () => askReason([last.scan.id], byId("verdict-who").textContent),
  admit: () => {
    const { scan, who, verdict } = last;
    const named = scan.ticket === undefined ? "registration" : "ticket";
    const fields = { kind: scan.kind, mode: scan.mode, shown: verdict, override: verdict };
    record(newScan({ ...fields, [named]: scan[named] }), who);
  },
  present: (button) => notePresent(person, button.dataset.mode),
  remove: () => askReason(person.present[checkpoint()].scans, person.name),
  excuse: () => record(newScan({ kind: "excuse", registration: person.id }), person.name),
  reason: (button) => undo(button.value),
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) ACTIONS[button.dataset.action](button);
});
byId("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("code").value.trim();
  if (text) readText(text);
});
byId("walk-in").addEventListener("submit", (event) => {
  event.preventDefault();
  addWalkIn(event.currentTarget);
});
byId("query").addEventListener("input", renderNames);
byId("checkpoint").addEventListener("change", () => {
  next();
  render();
});

// Scanners type into whatever has the focus: heard before the page is.
window.addEventListener(
  "keydown",
  (event) => {
    unlockSound();
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const field = event.target.closest?.("input:not([type=radio]), textarea") ?? null;
    const { take, text } = wedge.press({
      key: event.key,
      code: event.code,
      shift: event.shiftKey,
      time: event.timeStamp,
      editing: field !== null,
    });
    if (take) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (text !== undefined) {
      if (field instanceof HTMLInputElement) field.value = "";
      readText(text);
    }
  },
  { capture: true },
);
window.addEventListener("pointerdown", unlockSound);
window.addEventListener("online", again);
window.addEventListener("offline", () => {
  online = false;
  render();
});
window.addEventListener("beforeunload", (event) => {
  if (outbox.size > 0) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) again();
});
refreshing = setInterval(() => {
  if (!document.hidden) refresh();
}, REFRESH_MS);

root.hidden = false;
screens.show("ready");
refresh();
