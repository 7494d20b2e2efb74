"""Numbers of documents."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given in one series and year; its row is locked while a number is taken."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="core_numberseries_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
