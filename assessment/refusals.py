"""Expected refusals: the person is told why, in words, and nothing was changed."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class Refusal(Exception):
    """A request that cannot be met now; `message` is what the person reads.

    `code` is for programs; `details` list what stands in the way.
    """

    status = 409
    code = "refused"

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = list(details)


class ResponseClosed(Refusal):
    """The status of the response, or the closed round, forbids the action."""

    code = "closed"

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state


class NotReady(Refusal):
    """Something must be done before; `details` say what."""

    code = "not_ready"


class Malformed(Refusal):
    status = 400
    code = "malformed"


class TooLarge(Refusal):
    status = 413
    code = "too_large"


class RoleForbids(Refusal):
    """The person may see the response, but their role never does this."""

    status = 403
    code = "forbidden"

    def __init__(self) -> None:
        super().__init__(
            _("Your role does not allow this. Ask the coordinator of your country.")
        )


class NotTheirs(Refusal):
    """The part is delegated to somebody else."""

    status = 403
    code = "forbidden"


class TeamRefused(Refusal):
    """The state of the country's team forbids it; the message says what to do."""

    code = "team"


class LastCoordinator(TeamRefused):
    """Without this person the country would have no coordinator."""

    code = "last_coordinator"

    def __init__(self, person: str) -> None:
        super().__init__(
            _(
                "%(person)s is the only active coordinator. Give somebody else the "
                "coordinator role first."
            )
            % {"person": person}
        )


class InvitationUnusable(Refusal):
    """The link is unknown, used, withdrawn or too old: nobody is told which."""

    status = 410
    code = "invitation_unusable"

    def __init__(self) -> None:
        super().__init__(_("This invitation cannot be used."))


class OtherPerson(Refusal):
    """The page was opened by somebody else than who is signed in now."""

    code = "person"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Someone else has signed in on this computer meanwhile. "
                "Nothing was changed. Load the page again."
            )
        )
