from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_roles'),
        ('personalization', '0008_spared_rules'),
    ]

    operations = [
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
