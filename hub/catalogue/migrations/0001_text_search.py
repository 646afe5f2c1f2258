from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

# Written out here, not imported, so that a later change to the code cannot change this step.
STEMMERS = {
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
WORDS = "asciiword, asciihword, hword_asciipart, word, hword, hword_part"


def configuration(name: str, dictionary: str) -> str:
    return f"""
        CREATE TEXT SEARCH CONFIGURATION {name} (COPY = pg_catalog.simple);
        ALTER TEXT SEARCH CONFIGURATION {name}
            ALTER MAPPING FOR {WORDS} WITH unaccent, {dictionary};
    """


def stemming(language: str, stemmer: str) -> migrations.RunSQL:
    dictionary = f"hub_{language}_stem"
    return migrations.RunSQL(
        # No StopWords: every word is found.
        f"CREATE TEXT SEARCH DICTIONARY {dictionary} (TEMPLATE = snowball, LANGUAGE = {stemmer});"
        + configuration(f"hub_{language}", dictionary),
        f"DROP TEXT SEARCH CONFIGURATION hub_{language};DROP TEXT SEARCH DICTIONARY {dictionary};",
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        migrations.RunSQL(
            configuration("hub_simple", "simple"), "DROP TEXT SEARCH CONFIGURATION hub_simple;"
        ),
        *(stemming(language, stemmer) for language, stemmer in STEMMERS.items()),
    ]
