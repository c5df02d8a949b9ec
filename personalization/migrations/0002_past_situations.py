"""The table of past situations: partitioned by generation, each partition with its own indexes."""

from django.db import migrations
from pgvector.django import VectorExtension

CREATE = """
CREATE SEQUENCE personalization_pastsituation_id_seq;
CREATE TABLE personalization_pastsituation (
    generation_id bigint NOT NULL,
    id bigint NOT NULL DEFAULT nextval('personalization_pastsituation_id_seq'),
    visit_id bigint NOT NULL,
    step smallint NOT NULL,
    at timestamptz NOT NULL,
    twin bigint NOT NULL,
    situation halfvec(232) NOT NULL,
    payload bytea NOT NULL
) PARTITION BY LIST (generation_id);
"""

DROP = """
DROP TABLE personalization_pastsituation;
DROP SEQUENCE personalization_pastsituation_id_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("personalization", "0001_initial")]

    operations = [
        VectorExtension(),
        migrations.RunSQL(CREATE, DROP),
    ]
