import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeBase45, readShortCode, readTicket } from "../../../eventhub/static/js/door/ticket.js";

const text = (bytes) => new TextDecoder().decode(bytes);

// Made by eventhub/domain/ticket.py: key 3, event 70000, id 0011…aa, signature 00 01 … 3f.
const TICKET =
  "4I236077EL72TL6$ZA05F8JJ100KB0*M0DY0W016C1PN1:Y1I12$C2BO2UZ2" +
  "423ND3.O3G 3Z249E4SP42$4L35+E5EQ5X$5746QF60R6J%6%47CG7VR75*7";

test("base45 is the one of RFC 9285", () => {
  assert.equal(text(decodeBase45("BB8")), "AB");
  assert.equal(text(decodeBase45("%69 VD92EX0")), "Hello!!");
  assert.equal(text(decodeBase45("UJCLQE7W581")), "base-45");
  assert.equal(text(decodeBase45("QED8WEX0")), "ietf!");
  for (const wrong of ["GGW", ":::", "::", "A", "ab0", "é00"]) {
    assert.equal(decodeBase45(wrong), null);
  }
});

test("a ticket is read as scanners give it", () => {
  for (const given of [TICKET, ` ${TICKET}\r\n`, TICKET.toLowerCase()]) {
    const ticket = readTicket(given);
    assert.equal(ticket.keyNumber, 3);
    assert.equal(ticket.eventNumber, 70000);
    assert.equal(ticket.ticketId, "00112233445566778899aa");
    assert.equal(ticket.bytes.length, 80);
  }
});

test("another text is no ticket", () => {
  for (const given of ["", "K7QM2RXP", "0".repeat(120), "é".repeat(120), TICKET.slice(3)]) {
    assert.equal(readTicket(given), null);
  }
});

test("a short code is read as typed", () => {
  for (const typed of ["K7QM2RXP", "k7qm 2rxp", " K7QM-2RXP\n", "K7QM\u00a02RXP"]) {
    assert.equal(readShortCode(typed), "K7QM2RXP");
  }
  for (const typed of ["", "K7QM2RX", "K7QM2RXPP", "K7QM2RX0", "K7QM2RXI", "camille"]) {
    assert.equal(readShortCode(typed), null);
  }
});
