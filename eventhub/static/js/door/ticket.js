// Reads what a scanner or a keyboard gives: a signed ticket in base45, or a short code.
// The twin of eventhub/domain/ticket.py. Source of base45: RFC 9285.

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const TICKET_BYTES = 80;
const TICKET_CHARACTERS = 120;
const TICKET_FORMAT = 1;
const SHORT_CODE = /^[2-9A-HJKMNP-Z]{8}$/;

/** The bytes of a base45 text, or null for one that encodes nothing. */
export function decodeBase45(text) {
  if (text.length % 3 === 1) return null;
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = [...text.slice(at, at + 3)].map((character) => BASE45.indexOf(character));
    if (group.includes(-1)) return null;
    const value = group[0] + group[1] * 45 + (group[2] ?? 0) * 2025;
    if (group.length === 3) {
      if (value > 0xffff) return null;
      bytes.push(value >> 8, value & 0xff);
    } else {
      if (value > 0xff) return null;
      bytes.push(value);
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * The ticket that a text holds: {keyNumber, eventNumber, ticketId, bytes}, or null.
 * Its signature is not looked at. Lower case and blanks around are forgiven.
 */
export function readTicket(text) {
  let trimmed = text.trim();
  if (trimmed.length === TICKET_CHARACTERS - 1) trimmed = ` ${trimmed}`;
  if (trimmed.length !== TICKET_CHARACTERS) return null;
  const bytes = decodeBase45(trimmed.toUpperCase());
  if (bytes === null || bytes.length !== TICKET_BYTES || bytes[0] >> 4 !== TICKET_FORMAT) return null;
  const hex = [...bytes.slice(5, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    keyNumber: bytes[0] & 15,
    eventNumber: new DataView(bytes.buffer).getUint32(1),
    ticketId: hex,
    bytes,
  };
}

/** The short code that a text is, without blanks or hyphens, or null. */
export function readShortCode(text) {
  const code = text.replace(/[\s\u00a0-]/g, "").toUpperCase();
  return SHORT_CODE.test(code) ? code : null;
}
