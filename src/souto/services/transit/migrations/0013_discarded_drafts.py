"""A draft may go; the weeks that were simulated of it stay, with its number."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def number(apps, schema_editor) -> None:
    simulations = apps.get_model("transit", "Simulation").objects
    versions = apps.get_model("transit", "ServiceVersion").objects.filter(pk=OuterRef("version_id"))
    simulations.update(version_number=Subquery(versions.values("number")[:1]))


class Migration(migrations.Migration):
    dependencies = [("transit", "0012_simulations")]
    operations = [
        migrations.AddField("simulation", "version_number", models.PositiveIntegerField(null=True)),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AlterField("simulation", "version_number", models.PositiveIntegerField()),
        migrations.AlterField(
            "simulation",
            "version",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="transit.serviceversion"
            ),
        ),
    ]
