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


class Allowance(models.Model):
    """How much of a limit somebody has used up, kept by ``hub.limits``: when it will all be free
    again. ``key`` is a keyed hash of the limit and of whom it is for."""

    key = models.CharField(max_length=64, primary_key=True)
    empty_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
