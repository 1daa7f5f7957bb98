// What each verdict says: the same words as eventhub/domain/scan.py, which a test compares.
// The part between the braces is plain JSON.
export const VERDICTS = {
  "accepted": {
    "word": "C’est bon",
    "sentence": "Présence enregistrée.",
    "colour": "green"
  },
  "accepted_unsynced": {
    "word": "C’est bon",
    "sentence": "Billet valable : le nom viendra à la prochaine synchronisation.",
    "colour": "green"
  },
  "already_present": {
    "word": "Déjà là",
    "sentence": "Cette personne est déjà passée à ce point d’accueil.",
    "colour": "amber"
  },
  "not_booked": {
    "word": "Pas à ce temps",
    "sentence": "Cette personne est inscrite, mais pas à ce temps du programme.",
    "colour": "amber"
  },
  "waiting": {
    "word": "Liste d’attente",
    "sentence": "Cette personne est sur la liste d’attente.",
    "colour": "amber"
  },
  "cancelled": {
    "word": "Inscription annulée",
    "sentence": "Cette inscription a été annulée.",
    "colour": "red"
  },
  "not_open": {
    "word": "Pas ouvert",
    "sentence": "Ce point d’accueil n’est pas ouvert à cette heure.",
    "colour": "amber"
  },
  "other_event": {
    "word": "Autre évènement",
    "sentence": "Ce billet est celui d’un autre évènement.",
    "colour": "red"
  },
  "revoked": {
    "word": "Billet remplacé",
    "sentence": "Ce billet a été remplacé : demandez à voir le plus récent.",
    "colour": "red"
  },
  "forged": {
    "word": "Billet non valable",
    "sentence": "La signature de ce billet n’est pas la nôtre.",
    "colour": "red"
  },
  "unknown": {
    "word": "Code inconnu",
    "sentence": "Ce code n’est pas un billet que nous connaissons.",
    "colour": "red"
  },
  "recorded": {
    "word": "C’est noté",
    "sentence": "C’est enregistré.",
    "colour": "green"
  },
  "held": {
    "word": "Gardé à part",
    "sentence": "Ce poste a été retiré : le passage est gardé, l’organisation le vérifiera.",
    "colour": "none"
  }
};

// Those that an agent may pass over (« Admettre »).
export const OVERRIDABLE = ["not_booked", "waiting", "cancelled", "not_open"];

// Those after which there is a presence that can be undone.
export const COUNTING = ["accepted", "accepted_unsynced", "already_present"];

// The pictogram of each colour: shapes differ, so that colour never speaks alone.
export const ICONS = { green: "check-circle", amber: "warning", red: "stop", none: "info" };
