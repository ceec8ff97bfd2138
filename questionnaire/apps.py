from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext_lazy as _

from questionnaire.guard import PUBLICATION_OF, refuse_change, refuse_delete, stamp


class QuestionnaireConfig(AppConfig):
    name = "questionnaire"
    verbose_name = _("Questionnaire")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for name in PUBLICATION_OF:
            model = self.get_model(name)
            pre_save.connect(refuse_change, sender=model)
            pre_delete.connect(refuse_delete, sender=model)
        pre_save.connect(stamp, sender=self.get_model("translation"))
