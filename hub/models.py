from django.db import models


class LoadedRow(models.Model):
    """A row of the starting content that has been loaded, and what became of it."""

    filename = models.CharField(max_length=60)
    key = models.CharField(max_length=600)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="loaded_row_once", fields=["filename", "key"])]

    def __str__(self) -> str:
        return f"{self.filename}: {self.key}"


class Change(models.Model):
    """A transaction that changed something public, written by the triggers of ``hub.versions``."""

    area = models.CharField(max_length=20)
    transaction = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="change_once", fields=["area", "transaction"])]

    def __str__(self) -> str:
        return f"{self.area} {self.id}"
