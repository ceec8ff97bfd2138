from tests.instruments import nmdc


def test_every_section_page_opens(response, coordinator, signed_in):
    client = signed_in(coordinator)

    statuses = {
        section.code: client.get(
            f"/responses/PER/2025/sections/{section.code.lower()}/"
        ).status_code
        for section in nmdc().sections
    }

    assert set(statuses.values()) == {200}
