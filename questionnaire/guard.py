"""A published version of the instrument cannot be altered, whichever way in is tried.

`loaddata` saves raw and bypasses `save()` and validation, so the guard listens to
`pre_save` and `pre_delete`, which raw saves send too, and to the bulk methods of the
managers. Writing what is already there is allowed: loading a fixture twice does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

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
        owner = lookup.split("__")[0]
        for name in (owner, f"{owner}_id"):
            if name in kwargs and self._is_published_owner(owner, kwargs[name]):
                raise PublishedVersionError(str(self.model._meta.verbose_name), [name])
        return super().update(**kwargs)

    def _is_published_owner(self, owner: str, value: Any) -> bool:
        """Return whether records moved to `value` would join a published version.

        What is neither a record nor its id, such as an expression, is taken for one.
        """
        if isinstance(value, models.Model):
            value = value.pk
        if not isinstance(value, int):
            return True
        return _is_published(self.model(**{f"{owner}_id": value}))

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

    That is: changing a record of one, adding a record to it or moving one out of it.
    Connected to `pre_save`, so that nothing has been written when it raises. One query
    for a record of a published version, two or three otherwise.
    """
    lookup = PUBLICATION_OF[sender._meta.model_name or ""]
    stored = (
        sender._default_manager.filter(
            **{"pk": instance.pk, f"{lookup}__isnull": False}
        ).first()
        if instance.pk
        else None
    )
    if stored is None:
        if _is_published(instance):
            raise PublishedVersionError(instance)
        return
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


def stamp(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Note the moment at which a translation changes; instruments in memory go by it.

    Connected to `pre_save`, which raw saves send too; they would leave `auto_now` empty.
    """
    instance.changed_at = timezone.now()


def _is_published(instance: models.Model) -> bool:
    owner: Any = instance
    for step in PUBLICATION_OF[instance._meta.model_name or ""].split("__")[:-1]:
        owner = getattr(owner, step)
    publication = owner._meta.get_field("publication").related_model
    return bool(
        owner.pk
        and publication._default_manager.filter(questionnaire=owner.pk).exists()
    )
