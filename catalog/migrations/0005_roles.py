"""Whoever worked for a store before there were roles keeps all they could do; new members merchandise."""

import django.contrib.postgres.fields
from django.db import migrations, models

import catalog.models.membership

ROLES = ["merchandiser", "approver", "analyst", "developer", "operator"]
CHOICES = [(role, role) for role in ROLES]


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_approval'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='roles',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=CHOICES, max_length=16), default=ROLES, size=None, verbose_name='roles'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='roles',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=CHOICES, max_length=16), default=catalog.models.membership.merchandiser_alone, size=None, verbose_name='roles'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('roles__len__gte', 1), ('roles__contained_by', ROLES)), name='membership_has_known_roles'),
        ),
    ]
