"""A published version of the instrument cannot be altered, whichever way in is tried.

`loaddata` saves raw and bypasses `save()` and validation, so the guard listens to
`pre_save` and `pre_delete`, which raw saves send too, and to the bulk methods of the
managers. Writing what is already there is allowed: loading a fixture twice does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

Part = TypeVar("Part", bound=models.Model)

# Where the publication of a record's version stands, seen from the record.
PUBLICATION_OF = {
    "questionnaire": "publication",
    "section": "questionnaire__publication",
    "question": "section__questionnaire__publication",
    "recommendation": "questionnaire__publication",
    "consistencyrule": "questionnaire__publication",
}


class PublishedVersionError(Exception):
    """Somebody tried to change a version of the instrument that is in use."""

    def __init__(self, record: models.Model | str, fields: Iterable[str] = ()) -> None:
        changed = ", ".join(fields)
        detail = f" (would change: {changed})" if changed else ""
        super().__init__(
            f"{record} belongs to a published questionnaire, which cannot change{detail}. "
            "Publish the correction as a new version: give the fixtures a new version number."
        )


class GuardedQuerySet(models.QuerySet[Part]):
    def update(self, **kwargs: Any) -> int:
        lookup = PUBLICATION_OF[self.model._meta.model_name or ""]
        published = self.filter(**{f"{lookup}__isnull": False}).first()
        if published is not None:
            raise PublishedVersionError(published, kwargs)
        return super().update(**kwargs)

    def bulk_create(
        self, objs: Iterable[Part], *args: Any, **kwargs: Any
    ) -> list[Part]:
        records = list(objs)
        for record in records:
            refuse_change(type(record), record)
        return super().bulk_create(records, *args, **kwargs)


class GuardedManager(models.Manager[Part]):
    def get_queryset(self) -> GuardedQuerySet[Part]:
        return GuardedQuerySet(self.model, using=self._db)


def refuse_change(
    sender: type[models.Model], instance: models.Model, **kwargs: Any
) -> None:
    """Raise PublishedVersionError if saving `instance` would alter a published version.

    Connected to `pre_save`, so that nothing has been written when it raises. Up to two
    queries.
    """
    if not _is_published(instance):
        return
    stored = (
        sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    )
    if stored is None:
        raise PublishedVersionError(instance)
    changed = [
        field.name
        for field in instance._meta.concrete_fields
        if field.to_python(getattr(stored, field.attname))
        != field.to_python(getattr(instance, field.attname))
    ]
    if changed:
        raise PublishedVersionError(instance, changed)


def refuse_delete(
    sender: type[models.Model], instance: models.Model, **kwargs: Any
) -> None:
    """Raise PublishedVersionError if `instance` belongs to a published version."""
    if _is_published(instance):
        raise PublishedVersionError(instance)


def _is_published(instance: models.Model) -> bool:
    owner: Any = instance
    for step in PUBLICATION_OF[instance._meta.model_name or ""].split("__")[:-1]:
        owner = getattr(owner, step)
    publication = owner._meta.get_field("publication").related_model
    return bool(
        owner.pk
        and publication._default_manager.filter(questionnaire=owner.pk).exists()
    )
