from assessment.models.answers import Answer, AnswerRevision, Via
from assessment.models.evidence import EvidenceFile
from assessment.models.institutions import Institution, InstitutionChange
from assessment.models.people import Country, Membership, User
from assessment.models.reviews import Acceptance, Submission, Transition
from assessment.models.rounds import Response, Round

__all__ = [
    "Acceptance",
    "Answer",
    "AnswerRevision",
    "Country",
    "EvidenceFile",
    "Institution",
    "InstitutionChange",
    "Membership",
    "Response",
    "Round",
    "Submission",
    "Transition",
    "User",
    "Via",
]
