"""Names of fields and constraints, and migrations that can be read and taken back."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.architecture import sources


def _own_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in sources.PACKAGES:
            yield model


def _own_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """Return the fields that the model or a base of ours declares: Wagtail's and Django's keep their names."""
    for field in model._meta.local_fields:
        theirs = [base for base in model.__mro__ if not base.__module__.startswith(sources.PACKAGES)]
        if not any(
            field.name in {known.name for known in base._meta.fields} for base in theirs if hasattr(base, "_meta")
        ):
            yield field


def _labels(kind: type[models.Field], ending: str) -> list[str]:
    return [
        f"{model._meta.label}.{field.name}"
        for model in _own_models()
        for field in _own_fields(model)
        if type(field) is kind and not field.name.endswith(ending) and field.name != ending.removeprefix("_")
    ]


def test_instants_end_in_at() -> None:
    assert _labels(models.DateTimeField, "_at") == []


def test_days_end_in_on() -> None:
    assert _labels(models.DateField, "_on") == []


def test_constraints_are_named_by_app_and_model() -> None:
    wrong = [
        f"{model._meta.label}: {constraint.name}"
        for model in _own_models()
        for constraint in model._meta.constraints
        if not re.fullmatch(rf"{model._meta.app_label}_{model._meta.model_name}_[a-z0-9_]+", str(constraint.name))
    ]
    assert wrong == []


def _own_migrations() -> Iterator[migrations.Migration]:
    for (label, _), migration in MigrationLoader(None).disk_migrations.items():
        if apps.get_app_config(label).name.split(".")[0] in sources.PACKAGES:
            yield migration


def test_migrations_have_names_that_say_what_they_do() -> None:
    assert [
        str(migration) for migration in _own_migrations() if re.search(r"_auto_\d|^\d{4}_alter_", migration.name)
    ] == []


def test_migrations_can_be_taken_back() -> None:
    stuck = [
        str(migration)
        for migration in _own_migrations()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert stuck == []
