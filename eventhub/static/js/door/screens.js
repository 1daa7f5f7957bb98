// What is on the screen: one screen at a time, filled with text only.

import { find, LETTERS_LEAST, pieces, words } from "./search.js";
import { about, arrival, count, standing } from "./words.js";

const LISTED = 60;
const COLOURS = ["green", "amber", "red"];

const byId = (id) => document.getElementById(id);
const root = byId("door");

/** Show one screen; its title or its first field gets the focus, where it has one to give. */
export function show(name, focus = null) {
  root.dataset.shown = name;
  for (const part of root.querySelectorAll("[data-screen]")) {
    part.hidden = part.dataset.screen !== name;
  }
  if (name !== "verdict") root.classList.remove(...COLOURS.map((colour) => `verdict-${colour}`));
  focus?.focus();
}

/** The screen that is shown. */
export function shown() {
  return root.dataset.shown;
}

/** The button of an action, on the screen that is shown. */
export function action(name) {
  return root.querySelector(`[data-screen="${shown()}"] [data-action="${name}"]`);
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${root.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

function status(word, tone, iconName) {
  const span = document.createElement("span");
  span.className = tone ? `status tone-${tone}` : "status";
  const text = document.createElement("span");
  text.textContent = word;
  span.append(icon(iconName), text);
  return span;
}

/** Fill the screen with a verdict; `buttons` names those to offer besides « Suivant ». */
export function showVerdict({ word, colour, iconName, who, about, message, then, buttons }) {
  byId("verdict-icon").setAttribute("href", `${root.dataset.icons}#${iconName}`);
  for (const [id, text] of [
    ["verdict-word", word],
    ["verdict-who", who],
    ["verdict-about", about],
    ["verdict-message", message],
    ["verdict-then", then],
  ]) {
    byId(id).textContent = text;
    byId(id).hidden = text === "";
  }
  show("verdict");
  root.classList.remove(...COLOURS.map((one) => `verdict-${one}`));
  root.classList.add(`verdict-${colour}`);
  for (const name of ["undo", "admit", "retry", "walk-in-instead"]) {
    action(name).hidden = !buttons.includes(name);
  }
  action("next").focus();
  say(sentences([word, who, message, then]));
}

/** Texts one after the other, each closed by a full stop where nothing closes it. */
function sentences(texts) {
  const spoken = texts.filter(Boolean);
  return spoken.map((text) => (/[.?!]$/.test(text) ? text : `${text}.`)).join(" ");
}

/** Have a screen reader say a sentence at once. */
export function say(text) {
  const said = byId("said");
  said.textContent = "";
  // In another task: a live region speaks of changes, and the same verdict twice is one.
  setTimeout(() => {
    said.textContent = text;
  });
}

/** The badge: up to date, scans to send, or no network. */
export function showSync(waiting, online) {
  const badge = byId("sync");
  const [word, iconName] =
    waiting > 0
      ? [`${waiting}\u00a0à envoyer`, "send"]
      : online
        ? ["à jour", "ok"]
        : ["pas de réseau", "warning"];
  badge.classList.toggle("queue", waiting > 0 || !online);
  badge.replaceChildren(...status(word, "", iconName).childNodes);
}

/** The counts at the foot, and the line of the first screen. */
export function showCounts(counts, readyLine) {
  byId("count-present").textContent = counts.present;
  byId("count-expected").textContent = counts.expected;
  byId("count-here").textContent = counts.here;
  byId("ready-line").textContent = readyLine;
}

/** The names that answer the query; `present` notes someone present, `open` shows their sheet. */
export function showNames(people, query, checkpoint, { present, open }) {
  const found = find(people, query);
  byId("names").replaceChildren(
    ...found.slice(0, LISTED).map((person) => row(person, query, checkpoint, { present, open })),
  );
  const tooShort = words(query).length === 0 && query.trim() !== "";
  const more = found.length > LISTED ? `, les ${LISTED} premières ici` : "";
  byId("found").textContent = tooShort
    ? `Écrivez au moins ${LETTERS_LEAST} lettres.`
    : found.length === 0
      ? "Personne de ce nom."
      : `${count(found.length, "personne")}${more}`;
}

function row(person, query, checkpoint, { present, open }) {
  const item = byId("row").content.firstElementChild.cloneNode(true);
  const name = item.querySelector(".door-name");
  name.append(...marked(person.name || "Sans nom", query));
  name.addEventListener("click", () => open(person));
  const text = document.createElement("span");
  text.append(name);
  const structure = item.querySelector(".sub");
  structure.append(...marked(person.structure, query));
  text.append(structure);
  const how = standing(person, checkpoint);
  if (how) {
    item.replaceChildren(text, status(how.word, how.tone, how.icon));
    return item;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Présent·e";
  button.setAttribute("aria-label", `Présent·e : ${person.name}`);
  button.addEventListener("click", () => present(person));
  item.replaceChildren(text, button);
  return item;
}

function marked(text, query) {
  return pieces(text, query).map(([piece, hit]) => {
    if (!hit) return piece;
    const mark = document.createElement("mark");
    mark.textContent = piece;
    return mark;
  });
}

/** The sheet of one person. */
export function showPerson(person, checkpoint, categories, timezone) {
  byId("person-name").textContent = person.name || "Sans nom";
  byId("person-about").textContent = about(person, categories);
  const how = standing(person, checkpoint) ?? { word: "attendu·e", tone: "", icon: "clock" };
  byId("person-state").replaceChildren(status(how.word, how.tone, how.icon));
  const seen = person.present[checkpoint];
  if (seen) byId("person-state").append(` ${arrival(seen, timezone)}`);
  show("person", byId("person-name"));
  for (const button of root.querySelectorAll('[data-action="present"]')) {
    button.hidden = seen !== undefined && seen.mode === button.dataset.mode;
  }
  action("remove").hidden = !seen?.scans.length;
  action("excuse").hidden = seen !== undefined;
}

/** Show or hide the sentence under a field of the walk-in form; the first wrong one is focused. */
export function showErrors(form, wrong) {
  for (const field of form.querySelectorAll("[aria-describedby]")) {
    const isWrong = wrong.includes(field.name);
    byId(field.getAttribute("aria-describedby")).hidden = !isWrong;
    field.setAttribute("aria-invalid", String(isWrong));
  }
  if (wrong.length > 0) form.elements[wrong[0]].focus();
}
