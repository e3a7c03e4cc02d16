import django.db.models.deletion
import souto.kernel.clock
import souto.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_alter_membership_role'),
        ('transit', '0006_phone_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='wanted_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='ServiceAlert',
            fields=[
                ('id', models.UUIDField(default=souto.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('header', models.JSONField()),
                ('text', models.JSONField()),
                ('cause', models.CharField(choices=[('WEATHER', '天候'), ('ACCIDENT', '事故'), ('TECHNICAL_PROBLEM', '車両や設備の故障'), ('CONSTRUCTION', '工事'), ('HOLIDAY', '休日や年末年始'), ('OTHER_CAUSE', 'そのほかの理由')], max_length=24)),
                ('effect', models.CharField(choices=[('NO_SERVICE', '運休'), ('REDUCED_SERVICE', '台数や時間の減少'), ('SIGNIFICANT_DELAYS', '大きな遅れ'), ('DETOUR', '回り道'), ('STOP_MOVED', '乗り場の変更'), ('MODIFIED_SERVICE', 'そのほかの運行の変更'), ('NO_EFFECT', '運行に影響なし')], max_length=24)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(default=souto.kernel.clock.now, editable=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.staff')),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transit.service')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.staff')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='transit_alert_period')],
            },
        ),
    ]
