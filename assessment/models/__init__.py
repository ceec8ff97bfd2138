from assessment.models.answers import Answer, AnswerRevision, Via
from assessment.models.audit import AuditAction, AuditEvent
from assessment.models.bundles import BundledReport, ReportBundle
from assessment.models.clearance import Clearance
from assessment.models.comments import Comment, CommentThread, InternalNote, Side
from assessment.models.delegations import Delegation, Team
from assessment.models.dissent import DifferingView
from assessment.models.evidence import EvidenceFile
from assessment.models.figures import RecordFigures
from assessment.models.following import (
    CountryReminder,
    OfficerAssignment,
    ResponseProgress,
)
from assessment.models.institutions import Institution, InstitutionChange
from assessment.models.notifications import (
    Channel,
    Kind,
    Notification,
    NotificationPreference,
)
from assessment.models.people import Country, Membership, User
from assessment.models.plans import PlanAction, PlanActionRevision, PlanEdition
from assessment.models.presence import Presence
from assessment.models.rendered import RenderedReport
from assessment.models.reviewed import ReviewedValue
from assessment.models.reviews import Acceptance, Submission, Transition
from assessment.models.rounds import Response, Round
from assessment.models.teams import Invitation, MembershipChange
from assessment.models.work import WorkStatus

__all__ = [
    "Acceptance",
    "Answer",
    "AnswerRevision",
    "AuditAction",
    "AuditEvent",
    "BundledReport",
    "Channel",
    "Clearance",
    "Comment",
    "CommentThread",
    "Country",
    "CountryReminder",
    "Delegation",
    "DifferingView",
    "EvidenceFile",
    "Institution",
    "InstitutionChange",
    "InternalNote",
    "Invitation",
    "Kind",
    "Membership",
    "MembershipChange",
    "Notification",
    "NotificationPreference",
    "OfficerAssignment",
    "PlanAction",
    "PlanActionRevision",
    "PlanEdition",
    "Presence",
    "RecordFigures",
    "RenderedReport",
    "ReportBundle",
    "Response",
    "ResponseProgress",
    "ReviewedValue",
    "Round",
    "Side",
    "Submission",
    "Team",
    "Transition",
    "User",
    "Via",
    "WorkStatus",
]
