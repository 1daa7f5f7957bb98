"""The one table that turns each broken rule into a French sentence and an HTTP status."""

from dataclasses import dataclass

from eventhub.domain import errors


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What a person or a program is told when a rule is broken."""

    status: int
    title: str
    message: str


ANSWERS: dict[type[errors.DomainError], ErrorAnswer] = {
    errors.NotFound: ErrorAnswer(
        404, "Page introuvable", "Cette adresse ne mène à rien. Elle a peut-être changé."
    ),
    errors.Unauthorised: ErrorAnswer(
        401, "Jeton nécessaire", "Cette adresse demande un jeton d’accès valable."
    ),
    errors.NotSignedIn: ErrorAnswer(
        401, "Connexion nécessaire", "Connectez-vous à votre compte pour ouvrir cette adresse."
    ),
    errors.Forbidden: ErrorAnswer(
        403, "Accès réservé", "Votre compte ne permet pas d’ouvrir cette page."
    ),
    errors.InvalidInput: ErrorAnswer(
        422, "Saisie à corriger", "Un ou plusieurs champs sont à corriger."
    ),
    errors.EventFull: ErrorAnswer(
        409,
        "Complet",
        "Il ne reste plus de place à cet évènement, et il n’a pas de liste d’attente.",
    ),
    errors.AlreadyRegistered: ErrorAnswer(
        409, "Déjà inscrit·e", "Cette personne a déjà une inscription à cet évènement."
    ),
    errors.ActivitiesOverlap: ErrorAnswer(
        409, "Deux temps à la même heure", "Deux des temps choisis ont lieu en même temps."
    ),
    errors.RegistrationClosed: ErrorAnswer(
        409, "Inscriptions fermées", "Les inscriptions à cet évènement ne sont pas ouvertes."
    ),
    errors.RegistrationNotLive: ErrorAnswer(
        409, "Inscription déjà annulée", "Cette inscription a déjà été annulée."
    ),
    errors.StateForbids: ErrorAnswer(
        409, "Action impossible", "L’état actuel ne permet pas cette action."
    ),
    errors.LastAdministrator: ErrorAnswer(
        409,
        "Il faut un compte d’administration",
        "C’est le seul compte d’administration ouvert. Donnez d’abord ce rôle à un autre compte.",
    ),
    errors.EventChanged: ErrorAnswer(
        409,
        "Évènement modifié entre-temps",
        "Quelqu’un d’autre a modifié cet évènement depuis que vous l’avez ouvert.",
    ),
    errors.StructureChanged: ErrorAnswer(
        409,
        "Structure modifiée entre-temps",
        "Quelqu’un d’autre a modifié cette structure depuis que vous l’avez ouverte.",
    ),
    errors.StructureMerged: ErrorAnswer(
        409,
        "Structure déjà réunie",
        "Cette structure a été réunie à une autre : ouvrez celle-ci dans le répertoire.",
    ),
    errors.LaterMerge: ErrorAnswer(
        409,
        "Une autre réunion est plus récente",
        "Défaites d’abord la plus récente : les réunions se défont dans l’ordre inverse.",
    ),
    errors.LogoRefused: ErrorAnswer(422, "Logo refusé", "Ce fichier ne peut pas servir de logo."),
    errors.ActivityChanged: ErrorAnswer(
        409,
        "Programme modifié entre-temps",
        "Quelqu’un d’autre a modifié ce temps du programme depuis que vous l’avez ouvert.",
    ),
    errors.ActivityInUse: ErrorAnswer(
        409,
        "Ce temps reste au programme",
        "Des personnes l’ont choisi ou y sont passées : il ne peut pas être supprimé. "
        "Changez son titre ou ses heures.",
    ),
    errors.SeriesChanged: ErrorAnswer(
        409,
        "Série modifiée entre-temps",
        "Quelqu’un d’autre a modifié cette série depuis que vous l’avez ouverte.",
    ),
    errors.KindChanged: ErrorAnswer(
        409,
        "Type modifié entre-temps",
        "Quelqu’un d’autre a modifié ce type d’évènement depuis que vous l’avez ouvert.",
    ),
    errors.CategoryChanged: ErrorAnswer(
        409,
        "Catégorie modifiée entre-temps",
        "Quelqu’un d’autre a modifié cette catégorie depuis que vous l’avez ouverte.",
    ),
    errors.MinutesChanged: ErrorAnswer(
        409,
        "Texte modifié entre-temps",
        "Quelqu’un d’autre a modifié ce compte-rendu depuis que vous l’avez ouvert.",
    ),
    errors.LinkExpired: ErrorAnswer(
        410, "Lien expiré", "Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."
    ),
    errors.TooManyTries: ErrorAnswer(
        429, "Trop d’essais", "Trop d’essais. Attendez un peu, ou demandez un nouveau lien."
    ),
    errors.WrongPin: ErrorAnswer(422, "Code PIN incorrect", "Ce code PIN n’est pas le bon."),
    errors.DeviceRevoked: ErrorAnswer(
        401, "Poste retiré", "Ce poste d’accueil a été retiré par l’organisation."
    ),
    errors.DeviceExpired: ErrorAnswer(
        401, "Poste expiré", "L’évènement est passé : ce poste d’accueil n’a plus sa copie."
    ),
    errors.BatchTooLarge: ErrorAnswer(
        413, "Envoi trop grand", "Pas plus de 500 passages par envoi."
    ),
    errors.IdempotencyConflict: ErrorAnswer(
        422, "Clé déjà utilisée", "Cette clé a déjà servi pour une autre demande."
    ),
    errors.SeasonFileError: ErrorAnswer(
        422, "Fichier illisible", "Une ligne du fichier ne peut pas être lue."
    ),
}


def answer_for(error: errors.DomainError) -> ErrorAnswer:
    """The answer to `error`; the nearest class of the table that it is an instance of."""
    for kind in type(error).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind]
    raise KeyError(type(error).__name__)
