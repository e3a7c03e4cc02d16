from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transit", "0004_running")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="phone_key",
            field=models.BinaryField(db_index=True, max_length=32, null=True),
        ),
    ]
