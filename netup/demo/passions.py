"""What people come to the demo shop for: lasting passions, and events of life, as weights over kinds."""

from collections.abc import Mapping

Wishes = Mapping[str, float]  # slug of a kind ► how much it is wished for

PASSIONS: Mapping[str, Wishes] = {
    "tennis": {
        "raquette-tennis": 4, "cordage": 3, "balles-tennis": 3, "chaussures-tennis": 2.5, "surgrip": 1.5,
        "sac-tennis": 1.2, "polo-tennis": 1.2, "antivibrateur": 0.5,
    },
    "running": {
        "chaussures-running": 5, "montre-sport": 1.6, "tshirt-running": 2, "short-running": 1.3,
        "chaussettes-sport": 1.5, "ceinture-running": 1, "lampe-frontale": 1, "casquette": 0.6,
    },
    "football": {
        "crampons": 4, "ballon-football": 2.5, "maillot-football": 2, "protege-tibias": 1.2,
        "gants-gardien": 0.9, "pompe": 0.5, "chaussettes-sport": 0.8,
    },
    "cyclisme": {
        "velo": 2.5, "casque-velo": 3, "eclairage-velo": 2, "antivol": 2, "gants-velo": 1.2,
        "pompe-velo": 1,
    },
    "natation": {
        "maillot-bain": 3, "lunettes-natation": 2.5, "bonnet-bain": 1.3,
    },
    "yoga": {
        "tapis-yoga": 3.5, "brique-yoga": 1.2, "halteres": 1.8, "elastiques": 1.5, "gourde": 1.5,
    },
    "randonnee": {
        "chaussures-rando": 3.5, "sac-a-dos": 3, "batons": 1.5, "tente": 1.5, "gourde": 1.5,
        "lampe-frontale": 1,
    },
    "cafe": {
        "cafe-grains": 4, "capsules": 1.5, "cafe-moulu": 1.6, "machine-expresso": 1.5, "moulin": 1.8,
        "tasses": 1.5, "detartrant": 1, "tasseur": 0.8, "pichet-lait": 0.8, "bouilloire": 0.8,
        "filtres-papier": 0.6,
    },
    "parent": {
        "poussette": 2, "gigoteuse": 2, "body": 2.5, "pyjama-bebe": 2, "biberon": 2, "bavoir": 1.3,
        "chaise-haute": 1.3, "sac-langer": 1.3, "porte-bebe": 1.2, "lit-bebe": 1, "veilleuse": 1,
        "doudou": 1.2, "tapis-eveil": 1, "jouet-bois": 1, "assiette-bebe": 0.8, "mobile-musical": 0.6,
        "chanceliere": 0.6,
    },
    "decoration": {
        "coussin": 3, "lampe-poser": 2, "vase": 2, "bougie": 2.2, "cadre": 1.5, "plaid": 1.6,
        "miroir": 1.2, "pot-plante": 1.5, "suspension": 1.3, "rideau": 1, "horloge": 0.7,
        "parure-lit": 1.2,
    },
    "mobilier": {
        "fauteuil": 2, "table-basse": 2, "chaise": 2, "etagere": 1.8, "lampadaire": 1.4, "suspension": 1.2,
        "ampoule": 0.6,
    },
    "cuisine": {
        "cocotte": 2, "poele": 2.2, "couteau": 1.6, "assiettes": 2, "verres": 1.2, "bouilloire": 0.6,
    },
    "mode-femme": {
        "robe": 4, "chemisier": 2, "pull-femme": 2, "jean-femme": 1.6, "manteau": 1.4, "sac-main": 2,
        "sandales": 1.2, "bottines": 1.4, "baskets": 1.4, "collier": 1.2, "echarpe": 1, "ceinture": 0.6,
    },
    "mode-homme": {
        "chemise": 2.6, "polo": 1.6, "pull-homme": 2, "chino": 2, "veste": 1.5, "baskets": 1.8,
        "mocassins": 1, "ceinture": 0.7, "lunettes-soleil": 0.8, "bonnet": 0.5,
    },
}  # fmt: skip

# How common each passion is among shoppers.
PASSION_SHARES: Wishes = {
    "tennis": 9, "running": 11, "football": 6, "cyclisme": 7, "natation": 4, "yoga": 7, "randonnee": 8,
    "cafe": 11, "parent": 9, "decoration": 13, "mobilier": 6, "cuisine": 7, "mode-femme": 14,
    "mode-homme": 8,
}  # fmt: skip

# What an event of life makes people look for, however they otherwise live.
LIFE_EVENTS: Mapping[str, Wishes] = {
    "cadeau de naissance": {
        "coffret-naissance": 4, "doudou": 3, "body": 1.5, "pyjama-bebe": 1.5, "cape-bain": 1.8,
        "hochet": 1, "bonnet-bebe": 0.8, "jouet-bois": 1, "veilleuse": 0.7,
    },
    "machine à café": {
        "machine-grains": 5, "machine-expresso": 3, "machine-capsules": 2, "cafetiere-filtre": 1.4,
        "cafetiere-moka": 0.8, "cafetiere-piston": 0.8,
    },
    "emménagement": {
        "table-basse": 2, "fauteuil": 1.5, "chaise": 1.5, "etagere": 1.5, "rideau": 1.5, "suspension": 1.5,
        "assiettes": 1, "poele": 1, "parure-lit": 1.2, "miroir": 1,
    },
    "bonne résolution": {
        "chaussures-running": 2, "tapis-yoga": 2, "halteres": 1.5, "velo": 1, "gourde": 0.6,
    },
    "cadeau": {
        "bougie": 2, "echarpe": 1.5, "sac-main": 1.2, "collier": 1.5, "montre-sport": 0.8, "tasses": 1,
        "vase": 1, "plaid": 1, "lampe-poser": 0.8, "couteau": 0.7, "lunettes-soleil": 0.6,
    },
}  # fmt: skip

LIFE_EVENT_CHANCES: Wishes = {
    "cadeau de naissance": 0.11,
    "machine à café": 0.08,
    "emménagement": 0.06,
    "bonne résolution": 0.05,
    "cadeau": 0.12,
}
GIFTS = frozenset({"cadeau de naissance", "cadeau"})
