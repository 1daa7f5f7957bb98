import assert from "node:assert/strict";
import { test } from "node:test";

import { find, fold, pieces } from "../../../eventhub/static/js/door/search.js";

const person = (name, structure = "") => ({ name, structure });
const PEOPLE = [
  person("Camille Brossard", "Tiers-lieu L’Embarcadère"),
  person("Ambre Pinson", "Association La Brouette"),
  person("Sofiane Brochet-Lambert", "CIAS du Blaisois"),
  person("Zoë Œuvrard", "Mairie d’Embrun"),
];
const names = (query) => find(PEOPLE, query).map((found) => found.name);

test("accents, case, ligatures and apostrophes are ignored", () => {
  assert.equal(fold("Zoë ŒUVRARD, L’Été"), "zoe oeuvrard, l'ete");
});

test("nobody is looked for by one letter, everybody by none", () => {
  assert.deepEqual(names("b"), []);
  assert.equal(names(" ").length, 4);
});

test("names come before structures", () => {
  assert.deepEqual(names("bro"), ["Camille Brossard", "Sofiane Brochet-Lambert", "Ambre Pinson"]);
});

test("every word must be found", () => {
  assert.deepEqual(names("bro sof"), ["Sofiane Brochet-Lambert"]);
  assert.deepEqual(names("brossard embarcadere"), ["Camille Brossard"]);
  assert.deepEqual(names("brossard mairie"), []);
});

test("each part of a double name begins a word, and the middle of one is found last", () => {
  assert.deepEqual(names("lambert"), ["Sofiane Brochet-Lambert"]);
  assert.deepEqual(names("l'emb"), ["Camille Brossard"]);
  assert.deepEqual(names("ssard"), ["Camille Brossard"]);
});

test("what answers is marked in the text as it is written", () => {
  assert.deepEqual(pieces("Zoë Œuvrard", "oeu"), [
    ["Zoë ", false],
    ["Œu", true],
    ["vrard", false],
  ]);
  assert.deepEqual(pieces("Camille", "x"), [["Camille", false]]);
  assert.deepEqual(pieces("", "camille"), []);
});
