
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_approval'),
        ('personalization', '0007_marginal_propensities'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='spared_rules',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, help_text='Ids of merchandising rules of the campaigns that were held out by themselves.', size=None),
        ),
        migrations.AddField(
            model_name='decision',
            name='visitor_key',
            field=models.CharField(blank=True, max_length=130, verbose_name='visitor'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(models.Q(('visitor_key', ''), _negated=True), models.Q(models.Q(('campaigns', []), _negated=True), models.Q(('spared', []), _negated=True), _connector='OR')), fields=['store', 'decided_at'], include=('visitor_key', 'campaigns', 'spared', 'spared_rules'), name='decision_meeting'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('visit', None)), fields=['store', 'visitor_key'], name='decision_unvisited'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('purchased_at__isnull', False)), fields=['store', 'purchased_at'], name='visit_bought'),
        ),
    ]
