"""Adding, renaming and merging institutions; what happens to answers."""

import pytest
from django.db import IntegrityError, transaction

from assessment.institution_particulars import Particulars, as_is
from assessment.institution_queries import directory_of
from assessment.models import AnswerRevision, Institution, InstitutionChange, Via
from assessment.queries import held_answers, latest_submission
from assessment.refusals import ResponseClosed, RoleForbids
from assessment.services.institutions import (
    NameTaken,
    NotMergeable,
    add_institution,
    edit_institution,
    institutions_from_answers,
    merge_institutions,
)
from assessment.services.rounds import close_round, open_response, open_round
from assessment.services.transitions import return_response
from tests.factories import InstitutionFactory, MemberFactory, RoundFactory
from tests.instruments import at
from tests.saving import change, put, save, submit

CENSUS, SURVEY = "SRC-INV[SRC-CEN].holder", "SRC-INV[SRC-LFS].holder"


def held(response):
    return {str(a): h.value for a, h in held_answers(response).items()}


def history(response, cell):
    revisions = AnswerRevision.objects.filter(
        answer__response=response,
        answer__question=at(cell).question,
        answer__row=at(cell).row,
        answer__column=at(cell).column,
    )
    return [(r.value, r.via, r.changed_by.name, r.is_confirmed) for r in revisions]


def changes(institution):
    return [
        (c.what, c.before, c.after, c.answers)
        for c in InstitutionChange.objects.filter(institution=institution)
    ]


@pytest.fixture
def named(response, coordinator):
    """Three answers that name two spellings of one office."""
    put(
        response,
        coordinator,
        {"GEN-03": "Statistical office", CENSUS: "statistical  OFFICE", SURVEY: "INEI"},
    )
    return response


@pytest.fixture
def office(named, peru):
    return InstitutionFactory(country=peru, name="Statistical office")


@pytest.fixture
def institute(named, peru):
    return InstitutionFactory(country=peru, name="INEI")


# Adding


@pytest.mark.parametrize("role", ["contributor", "coordinator"])
def test_whoever_may_answer_adds(response, peru, role):
    person = MemberFactory(country=peru, role=role)

    made = add_institution(
        response=response,
        particulars=Particulars("  Migraciones\u0301  del  Perú "),
        by=person,
    )

    assert made.name == "Migracioneś del Perú"
    assert made.key == "migracioneś del perú"
    assert (made.country, made.created_by) == (peru, person)
    assert changes(made) == [("added", "", made.name, 0)]


def test_observer_adds_nothing(response, peru):
    observer = MemberFactory(country=peru, role="observer")

    with pytest.raises(RoleForbids):
        add_institution(response=response, particulars=Particulars("INEI"), by=observer)

    assert Institution.objects.count() == 0


def test_contributor_adds_nothing_once_it_is_submitted(
    response, coordinator, contributor
):
    submit(response, coordinator)

    with pytest.raises(ResponseClosed) as refused:
        add_institution(
            response=response, particulars=Particulars("INEI"), by=contributor
        )

    assert refused.value.state == "submitted"


def test_coordinator_adds_at_any_time(response, coordinator):
    submit(response, coordinator)

    add_institution(response=response, particulars=Particulars("INEI"), by=coordinator)

    assert Institution.objects.get().name == "INEI"


@pytest.mark.parametrize(
    "name", ["Institute of Statistics", "INSTITUTE  of statistics", "inei", "Old name"]
)
def test_name_that_means_another_is_refused(response, coordinator, peru, name):
    InstitutionFactory(
        country=peru,
        name="Institute of Statistics",
        short_name="INEI",
        aliases=["Old name"],
    )

    with pytest.raises(NameTaken) as refused:
        add_institution(
            response=response, particulars=Particulars(name), by=coordinator
        )

    assert refused.value.message.endswith("it is a name of Institute of Statistics.")
    assert Institution.objects.count() == 1


def test_same_name_in_another_country_is_another_institution(
    response, coordinator, peru
):
    chile = peru._meta.model.objects.get(iso3="CHL")
    InstitutionFactory(country=chile, name="INE")

    made = add_institution(
        response=response, particulars=Particulars("INE"), by=coordinator
    )

    assert made.country == peru


def test_database_keeps_names_apart(db, peru):
    InstitutionFactory(country=peru, name="INEI")

    with pytest.raises(IntegrityError), transaction.atomic():
        InstitutionFactory(country=peru, name="inei")


# From answers


def test_institutions_come_from_answers_once(named, coordinator, peru):
    made = institutions_from_answers(response=named, by=coordinator)
    again = institutions_from_answers(response=named, by=coordinator)

    assert [i.name for i in made] == ["INEI", "Statistical office"]
    assert again == []
    assert held(named)[CENSUS] == "statistical  OFFICE"


def test_only_the_names_asked_for_are_listed(named, coordinator):
    made = institutions_from_answers(
        response=named, by=coordinator, names=["inei", "Nowhere said"]
    )

    assert [i.name for i in made] == ["INEI"]


def test_name_too_long_for_an_institution_is_passed_over(response, coordinator):
    put(response, coordinator, {"GEN-03": "x" * 301, CENSUS: "y" * 300})

    made = institutions_from_answers(response=response, by=coordinator)

    assert [i.name for i in made] == ["y" * 300]


# Renaming


def rename(response, institution, by, **particulars):
    wanted = {name: getattr(as_is(institution), name) for name in Particulars.__slots__}
    return edit_institution(
        response=response,
        institution=institution,
        particulars=Particulars(**wanted | particulars),
        by=by,
    )


def test_renaming_is_written_into_answers_with_history(named, office, coordinator):
    count = rename(named, office, coordinator, name="INE")

    assert count == 2
    assert held(named)["GEN-03"] == "INE"
    assert held(named)[CENSUS] == "INE"
    assert held(named)[SURVEY] == "INEI"
    assert history(named, CENSUS) == [
        ("statistical  OFFICE", "page", coordinator.name, True),
        ("INE", "merge", coordinator.name, True),
    ]
    office.refresh_from_db()
    assert (office.name, office.key, office.aliases) == (
        "INE",
        "ine",
        ["Statistical office"],
    )
    assert changes(office) == [
        ("name", "Statistical office", "INE", 2),
        ("aliases", "", "Statistical office", 0),
    ]


def test_new_capitals_alone_are_a_new_name_but_no_other_name(
    named, office, coordinator
):
    count = rename(named, office, coordinator, name="Statistical Office")

    office.refresh_from_db()
    assert (count, office.aliases) == (2, [])
    assert held(named)["GEN-03"] == "Statistical Office"


def test_renaming_keeps_what_is_not_confirmed_unconfirmed(response, coordinator, peru):
    office = InstitutionFactory(country=peru, name="Statistical office")
    save(response, coordinator, change("GEN-03", "Statistical office"), via=Via.PREFILL)
    answer = response.answers.get(question="GEN-03")
    answer.is_confirmed = False
    answer.save()

    rename(response, office, coordinator, name="INE")

    assert history(response, "GEN-03")[-1] == ("INE", "merge", coordinator.name, False)


def test_submitted_response_keeps_what_was_said(
    named, office, coordinator, officer, fresh
):
    submit(named, coordinator)
    text = latest_submission(named).canonical_json

    while_submitted = rename(fresh(named), office, coordinator, name="INE")
    return_response(response=fresh(named), by=officer, message="Please.")
    office.refresh_from_db()
    once_returned = rename(fresh(named), office, coordinator, name="Institute")

    assert (while_submitted, once_returned) == (0, 2)
    assert held(named)[CENSUS] == "Institute"
    assert latest_submission(named).canonical_json == text


def test_every_open_round_follows_and_closed_ones_do_not(
    named, office, coordinator, peru, officer, nmdc_db
):
    rounds = {}
    for year in (2023, 2024):
        round_ = RoundFactory(code=str(year), year=year, questionnaire=nmdc_db)
        open_round(round_=round_, countries=[], by=officer)
        rounds[year] = open_response(round_=round_, country=peru, by=officer)
        put(rounds[year], coordinator, {"GEN-03": "Statistical office"})
    close_round(round_=rounds[2023].round, by=officer)

    count = rename(named, office, coordinator, name="INE")

    assert count == 3
    assert held(rounds[2023])["GEN-03"] == "Statistical office"
    assert held(rounds[2024])["GEN-03"] == "INE"


def test_other_names_follow_a_new_name_and_short_names_stay(
    response, coordinator, peru
):
    office = InstitutionFactory(
        country=peru, name="Office", short_name="INE", aliases=["Old office"]
    )
    put(response, coordinator, {"GEN-03": "Old office", CENSUS: "INE"})

    count = rename(response, office, coordinator, name="Institute")

    assert count == 1
    assert held(response)["GEN-03"] == "Institute"
    assert held(response)[CENSUS] == "INE"


def test_new_short_name_is_written_where_the_old_one_was(response, coordinator, peru):
    office = InstitutionFactory(country=peru, name="Office", short_name="INE")
    put(response, coordinator, {"GEN-03": "Office", CENSUS: "INE"})

    count = rename(response, office, coordinator, short_name="INEI")

    office.refresh_from_db()
    assert (count, office.short_name, office.aliases) == (1, "INEI", ["INE"])
    assert held(response)["GEN-03"] == "Office"
    assert held(response)[CENSUS] == "INEI"


def test_changing_a_contact_touches_no_answer(named, office, coordinator):
    count = rename(
        named, office, coordinator, contact_name="Ana", contact_email="a@b.pe"
    )

    assert count == 0
    assert changes(office) == [
        ("contact_name", "", "Ana", 0),
        ("contact_email", "", "a@b.pe", 0),
    ]
    assert len(history(named, "GEN-03")) == 1


def test_retired_institution_is_kept_and_found_but_not_offered(
    named, office, coordinator, peru
):
    rename(named, office, coordinator, is_retired=True)

    directory = directory_of(peru.pk)
    retired = directory.find("statistical office")
    assert retired == office
    assert (retired.retired_by, directory.offered) == (coordinator, ())


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_only_the_coordinator_renames_and_merges(named, office, institute, peru, role):
    person = MemberFactory(country=peru, role=role)

    with pytest.raises(RoleForbids):
        rename(named, office, person, name="INE")
    with pytest.raises(RoleForbids):
        merge_institutions(response=named, source=office, into=institute, by=person)

    assert held(named)["GEN-03"] == "Statistical office"


def test_institution_is_no_part_of_itself(named, office, institute, coordinator):
    rename(named, office, coordinator, parent=institute)
    office.refresh_from_db()

    with pytest.raises(NotMergeable):
        rename(named, institute, coordinator, parent=office)


# Merging


def test_merging_writes_one_name_into_every_answer(
    named, office, institute, coordinator
):
    count = merge_institutions(
        response=named, source=office, into=institute, by=coordinator
    )

    assert count == 2
    assert [held(named)[cell] for cell in ("GEN-03", CENSUS, SURVEY)] == ["INEI"] * 3
    office.refresh_from_db()
    institute.refresh_from_db()
    assert (office.merged_into, office.merged_by) == (institute, coordinator)
    assert institute.aliases == ["Statistical office"]
    assert changes(office) == [("merged", "Statistical office", "INEI", 2)]
    assert changes(institute) == [
        ("absorbed", "Statistical office", "INEI", 2),
        ("aliases", "", "Statistical office", 0),
    ]
    assert history(named, "GEN-03")[-1] == ("INEI", "merge", coordinator.name, True)


def test_merging_takes_over_what_is_not_known(named, coordinator, peru):
    source = InstitutionFactory(
        country=peru, name="A", short_name="AA", kind="border", contact_name="Ana",
        contact_email="ana@example.org", aliases=["Aaa"],
    )  # fmt: skip
    into = InstitutionFactory(country=peru, name="B", kind="labour")

    merge_institutions(response=named, source=source, into=into, by=coordinator)

    into.refresh_from_db()
    assert (into.short_name, into.kind, into.contact_name, into.contact_email) == (
        "AA", "labour", "Ana", "ana@example.org",
    )  # fmt: skip
    assert into.aliases == ["A", "Aaa"]


def test_merged_name_is_found_and_free_for_nobody_else(
    named, office, institute, coordinator, peru
):
    merge_institutions(response=named, source=office, into=institute, by=coordinator)

    assert directory_of(peru.pk).find("Statistical office") == institute
    with pytest.raises(NameTaken):
        add_institution(
            response=named,
            particulars=Particulars("statistical office"),
            by=coordinator,
        )


def test_second_merge_of_the_same_is_refused(named, office, institute, coordinator):
    merge_institutions(response=named, source=office, into=institute, by=coordinator)

    with pytest.raises(NotMergeable):
        merge_institutions(
            response=named, source=office, into=institute, by=coordinator
        )

    assert changes(office) == [("merged", "Statistical office", "INEI", 2)]


def test_institution_is_not_merged_into_itself(named, office, coordinator):
    with pytest.raises(NotMergeable):
        merge_institutions(response=named, source=office, into=office, by=coordinator)


def test_parts_go_with_the_institution_merged(named, coordinator, peru):
    """A › B › C, and A merges into C: C rises, and B becomes part of C."""
    first = InstitutionFactory(country=peru, name="A")
    second = InstitutionFactory(country=peru, name="B", parent=first)
    third = InstitutionFactory(country=peru, name="C", parent=second)

    merge_institutions(response=named, source=first, into=third, by=coordinator)

    parents = dict(Institution.objects.values_list("name", "parent__name"))
    assert parents | {"A": None} == parents
    assert (parents["B"], parents["C"]) == ("C", None)
