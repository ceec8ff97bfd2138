from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0015_rendered_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.CharField(max_length=64, verbose_name='SHA-256 of the record')),
                ('method', models.CharField(max_length=64, verbose_name='digest of the method')),
                ('figures', models.JSONField(verbose_name='figures')),
            ],
            options={
                'verbose_name': 'figures of a record',
                'verbose_name_plural': 'figures of records',
                'constraints': [models.UniqueConstraint(fields=('record', 'method'), name='figures_once_a_record_and_method')],
            },
        ),
    ]
