// The golden calendars, read by a parser that the product does not use.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import ICAL from "ical.js";

const FOLDER = new URL("../../golden/calendar/", import.meta.url);
const MEETING = "evenement-900001@agenda.example.org";
const CAFE = "evenement-900002@agenda.example.org";
const SUMMER = "evenement-900003@agenda.example.org";

const calendar = (name) =>
  new ICAL.Component(ICAL.parse(readFileSync(new URL(name, FOLDER), "utf8")));
const entries = (name) =>
  Object.fromEntries(
    calendar(name)
      .getAllSubcomponents("vevent")
      .map((component) => {
        const event = new ICAL.Event(component);
        return [
          event.uid,
          {
            sequence: event.sequence,
            status: component.getFirstPropertyValue("status"),
            starts: event.startDate.toString(),
            ends: event.endDate.toString(),
            zone: event.startDate.zone.tzid,
            modified: component.getFirstPropertyValue("last-modified").toString(),
            summary: event.summary,
          },
        ];
      }),
  );

const [announced, moved, cancelled] = [
  "feed-1-announced.ics",
  "feed-2-moved.ics",
  "feed-3-cancelled.ics",
].map(entries);

test("the same entries stand in each edition of the feed: none disappears", () => {
  for (const edition of [announced, moved, cancelled]) {
    assert.deepEqual(Object.keys(edition), [MEETING, CAFE, SUMMER]);
  }
});

test("a moved event keeps its UID, rises its SEQUENCE and has its new hours in UTC", () => {
  assert.deepEqual(announced[MEETING], {
    sequence: 0,
    status: "CONFIRMED",
    starts: "2027-03-26T08:15:00Z",
    ends: "2027-03-26T16:00:00Z",
    zone: "UTC",
    modified: "2026-11-21T09:00:00Z",
    summary: "Réunion trimestrielle : le point, médiateur·rice·s",
  });
  assert.deepEqual(moved[MEETING], {
    ...announced[MEETING],
    sequence: 1,
    starts: "2027-04-02T07:15:00Z",
    ends: "2027-04-02T15:00:00Z",
    modified: "2026-11-21T10:00:00Z",
  });
});

test("a cancelled event is told as cancelled, with a higher SEQUENCE", () => {
  assert.deepEqual(cancelled[MEETING], {
    ...moved[MEETING],
    sequence: 2,
    status: "CANCELLED",
    modified: "2026-11-21T11:00:00Z",
    summary: "Annulé\u00a0: Réunion trimestrielle : le point, médiateur·rice·s",
  });
});

test("a postponed event leaves, then comes back at its new date under the same UID", () => {
  const told = ({ sequence, status, starts }) => ({ sequence, status, starts });
  assert.deepEqual(told(announced[CAFE]), {
    sequence: 0,
    status: "CONFIRMED",
    starts: "2027-05-11T07:15:00Z",
  });
  assert.deepEqual(told(moved[CAFE]), {
    sequence: 1,
    status: "CANCELLED",
    starts: "2027-05-11T07:15:00Z",
  });
  assert.equal(cancelled[CAFE].status, "CONFIRMED");
  assert.equal(cancelled[CAFE].starts, "2027-06-15T07:15:00Z");
  assert.ok(cancelled[CAFE].sequence > moved[CAFE].sequence);
});

test("a vague date is tentative over all the days that it may be, then settled", () => {
  assert.deepEqual(
    [announced[SUMMER].status, announced[SUMMER].starts, announced[SUMMER].ends],
    ["TENTATIVE", "2027-06-21", "2027-09-22"],
  );
  assert.deepEqual(
    [moved[SUMMER].status, moved[SUMMER].starts, moved[SUMMER].ends],
    ["CONFIRMED", "2027-07-06", "2027-07-07"],
  );
});

test("the feed names itself, says when to read it again, and names nobody", () => {
  const feed = calendar("feed-3-cancelled.ics");
  assert.equal(feed.getFirstPropertyValue("name"), "Agenda d’un hub : Indre-et-Loire");
  assert.equal(feed.getFirstPropertyValue("x-wr-calname"), feed.getFirstPropertyValue("name"));
  assert.equal(feed.getFirstProperty("refresh-interval").getFirstValue().toString(), "PT1H");
  assert.equal(feed.getFirstProperty("source").type, "uri");
  assert.equal(feed.getFirstProperty("method"), null);
  for (const entry of feed.getAllSubcomponents("vevent")) {
    for (const name of ["organizer", "attendee", "contact"]) {
      assert.equal(entry.getFirstProperty(name), null);
    }
  }
});

test("the file of one event is read back as it was typed", () => {
  const event = new ICAL.Event(calendar("event.ics").getFirstSubcomponent("vevent"));
  assert.equal(event.uid, "evenement-900001@agenda.example.org");
  assert.equal(event.summary, "Rencontre : médiateur·rice·s, élu·e·s ; le point");
  assert.equal(event.startDate.toString(), "2027-04-08T07:00:00Z");
});
