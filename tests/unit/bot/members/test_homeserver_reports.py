"""What members report through their app is taken over from the homeserver, each report once."""

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix.bot.members.homeserver_reports import HomeserverReports, Told, read_page
from folkmoot.remember import cases, reports
from folkmoot.remember.deciding import Source
from folkmoot.vocabulary import Category
from tests.unit.bot.conftest import BO
from tests.unit.bot.members.conftest import CY, DI, Village

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Listed:
    """A homeserver's list of reports, as pages of fifty, the newest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self.told: list[Told] = []
        self.asked: list[int] = []

    def tell(
        self, village: Village, message: str, reporter: str, *, room: str = "", reason: str = ""
    ) -> None:
        """Let a member report something to their homeserver."""
        number = len(self.told) + 1
        where = room or village.room
        self.told.append(Told(number=number, room=where, event=message, reporter=reporter, reason=reason))

    async def page(self, begin: int) -> list[Told]:
        """Return one page."""
        self.asked.append(begin)
        return self.told[::-1][begin : begin + 50]

    async def close(self) -> None:
        """Do nothing."""


def _looking(village: Village, listed: Listed) -> HomeserverReports:
    return HomeserverReports(village.scene.bot._desk, listed, every=1.0)


def _count(village: Village) -> int:
    found = village.store.read_now(lambda c: cases.open_about(c, village.group, BO))
    return 0 if found is None else len(village.store.read_now(lambda c: reports.of_case(c, found.id)))


async def test_a_report_to_the_homeserver_is_one_to_the_group(village: Village) -> None:
    """With its words and category; the reporter is confirmed by us, too."""
    listed = Listed()
    looking = _looking(village, listed)
    await looking.look()
    message = village.server.say(village.room, BO, "Buy my pills")
    listed.tell(village, message, CY, reason="drugs he sells them")
    await looking.look()
    await village.told(CY, "was received")
    (kept,) = village.store.read_now(lambda c: reports.of_case(c, village.case().id))
    assert (kept.source, kept.category, kept.reporter) == (Source.CLIENT, Category.DRUGS, CY)


async def test_what_was_reported_before_we_first_looked_is_not_ours(village: Village) -> None:
    """Old reports were for whoever ran the homeserver then."""
    listed = Listed()
    message = village.server.say(village.room, BO, "Buy my pills")
    listed.tell(village, message, CY)
    await _looking(village, listed).look()
    listed.tell(village, message, DI)
    await _looking(village, listed).look()
    assert _count(village) == 1


async def test_reports_of_other_rooms_and_from_strangers_are_left(village: Village) -> None:
    """Only members of a group report in it, and other rooms are none of our business."""
    listed = Listed()
    looking = _looking(village, listed)
    await looking.look()
    elsewhere = village.server.create_room(BO)
    message = village.server.say(village.room, BO, "Buy my pills")
    listed.tell(village, village.server.say(elsewhere, BO, "Buy my pills"), CY, room=elsewhere)
    listed.tell(village, message, "@stranger:twin")
    await looking.look()
    assert _count(village) == 0


async def test_many_reports_are_read_page_by_page_and_once(village: Village) -> None:
    """However many came in meanwhile, none is left out, and none is asked for twice."""
    listed = Listed()
    looking = _looking(village, listed)
    await looking.look()
    message = village.server.say(village.room, BO, "Buy my pills")
    listed.tell(village, message, CY)
    for _ in range(120):
        listed.tell(village, "$x", "@stranger:twin")
    await looking.look()
    assert _count(village) == 1
    listed.asked.clear()
    await looking.look()
    assert listed.asked == [0]
    assert len(village.scene.told(CY)) <= 1


@given(_ANYTHING)
def test_no_answer_of_a_homeserver_upsets_the_reading(raw: object) -> None:
    """Whatever stands in the list, what makes no sense is left out."""
    assert all(isinstance(one, Told) for one in read_page({"event_reports": raw}))
    assert all(isinstance(one, Told) for one in read_page({"event_reports": [raw]}))
