"""Failed attempts of a rebuild, and arrays named by what they hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("personalization", "0002_past_situations")]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="failed attempts"),
        ),
        migrations.AddField(
            model_name="memoryarray",
            name="digest",
            field=models.CharField(default="before", help_text="Of the data: names the local copies.", max_length=32),
            preserve_default=False,
        ),
    ]
