// What the page says of people, hours and numbers.

const NBSP = "\u00a0";

/** « 9 h 02 », « 14 h », in the event's time zone. */
export function hour(moment, timezone) {
  const parts = new Intl.DateTimeFormat("fr-FR", {
    hour: "numeric",
    minute: "2-digit",
    timeZone: timezone,
  }).formatToParts(new Date(moment));
  const part = (type) => parts.find((one) => one.type === type).value;
  const minutes = part("minute");
  const hours = String(Number(part("hour")));
  return `${hours}${NBSP}h${minutes === "00" ? "" : NBSP + minutes}`;
}

/** « 0 personne », « 1 personne », « 2 personnes ». */
export function count(number, word) {
  return `${number}${NBSP}${word}${number > 1 ? "s" : ""}`;
}

/** « Arrivée à 9 h 02, poste « Porte quai » », as far as it is known. */
export function arrival(seen, timezone) {
  const at = seen.at ? `Arrivée à ${hour(seen.at, timezone)}` : "Arrivée";
  const device = seen.device ? `, poste «${NBSP}${seen.device}${NBSP}»` : "";
  return `${at}${device}.`;
}

/** Category and structure on one line. */
export function about(registration, categories) {
  const category = categories.get(registration.category ?? "") ?? "";
  return [category, registration.structure].filter(Boolean).join(", ");
}

/** How someone stands at a checkpoint: {word, tone, icon}. */
export function standing(registration, checkpoint) {
  if (checkpoint in registration.present) return { word: "présent·e", tone: "ok", icon: "ok" };
  if (registration.state === "waiting") {
    return { word: "liste d’attente", tone: "warning", icon: "clock" };
  }
  if (registration.state === "cancelled") return { word: "annulée", tone: "no", icon: "cross" };
  if (!registration.checkpoints.includes(checkpoint)) {
    return { word: "pas à ce temps", tone: "warning", icon: "warning" };
  }
  return null;
}
