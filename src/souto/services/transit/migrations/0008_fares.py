import django.db.models.deletion
from django.db import migrations, models

from souto.foundation.vault.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_alter_membership_role"),
        ("transit", "0007_alerts"),
    ]

    operations = [
        migrations.CreateModel(
            name="FareCollection",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("amount", models.PositiveIntegerField()),
                ("method", models.CharField(choices=[("cash", "現金"), ("paid", "支払い済み")], max_length=8)),
                ("at", models.DateTimeField()),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection",
                        to="transit.booking",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.staff",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(*append_only("transit_farecollection")),
    ]
