"""Invented names: of people, of structures, of what happens in a week. Nobody is meant."""

GIVEN_NAMES = (
    "Aline", "Basile", "Capucine", "Damien", "Élodie", "Fabrice", "Garance", "Hakim", "Inès",
    "Joachim", "Keltoum", "Lazare", "Maëlys", "Noémie", "Ophélie", "Pacôme", "Quitterie",
    "Rachid", "Solène", "Thaïs", "Ulysse", "Violette", "Wassila", "Xavière", "Yvon", "Zélie",
    "Anselme", "Bérénice", "Côme", "Delphine", "Ewen", "Fanny", "Gaspard", "Honorine", "Ismaël",
    "Jeanne", "Killian", "Léopold", "Mahaut", "Nadège", "Octave", "Perrine", "Romane", "Samba",
    "Tiphaine", "Urbain", "Valère", "Yasmine",
)  # fmt: skip

FAMILY_NAMES = (
    "Aubépin", "Brossard-Lys", "Chantefleur", "Dorvallée", "Estrille", "Fontbrune", "Garlande",
    "Houssaye-Pré", "Isarnot", "Jolivaud", "Kervelin", "Lautrive", "Malbosquet", "Nervault",
    "Ormesson-Bois", "Pontreau", "Quincelet", "Roncevault", "Sautereau", "Tournebise",
    "Ursault", "Valfroy", "Wardenay", "Yvrande", "Zévallos", "Amblaize", "Beauregret",
    "Courtebelle", "Dampierrot", "Églantin", "Ferrandelle", "Grimauvert", "Hautecombe",
    "Jarnacot", "Lavergnole", "Mirambault", "Noirefontaine", "Orvalet", "Picquendaire",
    "Rabasteau", "Sénéchault", "Taillebourg", "Vauclaret", "Vieilleville", "Clairegoutte",
    "Boisjoli", "Maltaverne", "Trevillard",
)  # fmt: skip

#: Structures: how the name begins, and its code in the national standard.
STRUCTURE_KINDS = (
    ("Espace numérique", "EPN"),
    ("Médiathèque", "BIB"),
    ("Centre social", "CS"),
    ("France services", "RFS"),
    ("Tiers-lieu", "TIERS_LIEUX"),
    ("Association", "ASSO"),
    ("CCAS", "CCAS"),
    ("Maison des jeunes", "MJC"),
    ("Mission locale", "ML"),
    ("Communauté de communes", "CC"),
    ("Relais numérique", "EPN"),
    ("Ludothèque", "ASSO"),
    ("Atelier partagé", "TIERS_LIEUX"),
)
STRUCTURE_PLACES = (
    "des Tilleuls", "du Vieux-Lavoir", "de Valfontaine", "de Montrivel", "des Ormeaux",
    "du Petit-Quai", "de Clairbourg", "du Moulin-Neuf", "de Bellerive-sur-Orle", "de Saint-Aurin",
    "des Trois-Ponts", "de Vaucelle-le-Haut", "du Grand-Préau", "de Marnesse", "de la Filature",
    "des Quatre-Vents", "de Pontillac", "du Champ-Fleuri", "de Rochebrise", "de la Sablière",
    "de Villedoux-en-Plaine", "des Peupliers", "de Chanteloire", "du Clos-Normand",
    "de Sainte-Olive", "de la Tuilerie", "de Fontmorand", "des Hautes-Terres", "du Port-Vieux",
    "de l’Étang-Bleu",
)  # fmt: skip

#: What a week counted by activity is made of: format and title.
WEEK_ACTIVITIES = (
    ("workshop", "Découvrir les aides en ligne"),
    ("stand", "Portes ouvertes de l’espace numérique"),
    ("cafe-ia", "Café IA"),
    ("workshop", "Accompagner sans faire à la place"),
    ("round-table", "Travail social et numérique"),
    ("workshop", "Reconditionner un ordinateur"),
    ("talk", "Parentalité et écrans"),
    ("forum", "Forum des acteurs locaux"),
    ("workshop", "Messagerie et mots de passe"),
    ("stand", "Essayer les outils libres"),
)
FORMAT_TITLES = {
    "plenary": "Plénière",
    "talk": "Conférence",
    "workshop": "Atelier",
    "round-table": "Table ronde",
    "stand": "Stand",
    "forum": "Forum",
    "pitch": "Pitch",
    "cafe-ia": "Café IA",
    "break": "Pause",
    "meal": "Repas",
    "other": "Temps",
}
