"""Typical advertising, fraud, gambling, drug and sex offers open a case, by words alone."""

from importlib.resources import files
from tomllib import loads

import msgspec
import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.detect.triggers import is_a_model
from folkmoot.vocabulary import Category, Context, Message, Outcome, Verdict


def _without_models(name: str) -> Judge:
    policy = starters.load(name)
    rules = (
        msgspec.structs.replace(rule, when=tuple(one for one in rule.when if not is_a_model(one)))
        for rule in policy.rules
    )
    return compile_policy(msgspec.structs.replace(policy, rules=tuple(rules)))


JUDGES = {name: _without_models(name) for name in starters.names()}

TYPICAL = {
    "follow for follow, drop your name": Category.SPAM,
    "IPTV all channels, free trial, dm": Category.SPAM,
    "passives Einkommen, kommentiert INFO": Category.SPAM,
    "replica watches and bags, see my page": Category.SPAM,
    "oddaję follow, nowe konto": Category.SPAM,
    "read us the code that came by sms": Category.SCAM,
    "Mama das ist meine neue Nummer, kannst du mir die Rechnung überweisen": Category.SCAM,
    "flat in the centre, I'm abroad, send the deposit and I mail the keys": Category.SCAM,
    "regalo cuccioli, pagate solo il viaggio": Category.SCAM,
    "deposit 30 play with 90": Category.GAMBLING,
    "wpłać 20 graj za 80": Category.GAMBLING,
    "casino ohne Verifizierung": Category.GAMBLING,
    "match truqué, paiement après": Category.GAMBLING,
    "I have xanax for sale, if anyone is interested": Category.DRUGS,
    "black tar, 80 the half gram, serious ppl only": Category.DRUGS,
    "vendo marihuana, precio por gramo": Category.DRUGS,
    "tenho rivotril sem receita, 60 a caixa": Category.DRUGS,
    "продаю мефедрон": Category.DRUGS,
    "selling nudes": Category.SEXUAL_SELLING,
    "verkaufe Nacktbilder": Category.SEXUAL_SELLING,
    "new content 🍑 menu in dm": Category.SEXUAL_SELLING,
}

PASSING = (
    "they told me to read them the code that came by sms: a scam, hang up",
    "admins please kick the one who is selling weed in dm",
    "the pharmacist said ritalin is out of stock, ask your doctor",
    "clean for 90 days, no more xanax",
    "selling a nude lipstick set, 8 euros",
    "Selling my Ford Escort, 450 euros, message me",
    "tombola for the school, tickets 2 euros each",
    "the casino in the film looked great",
    "puppy found by the lake, whose is it?",
    "please share with your group: the bus is late",
    "poker with matchsticks on friday",
    "the flat above us is for rent, ask Anna",
    "your parcel is at my place, come by at six",
    "I lost ten kilos of flour in the cellar",
)


def _judged(judge: Judge, text: str) -> Verdict:
    return judge.judge(Message(id="1", text=text), Context(now=0.0))


@pytest.mark.parametrize("text", TYPICAL)
@pytest.mark.parametrize("name", JUDGES)
def test_a_typical_offer_opens_a_case_under_its_category(name: str, text: str) -> None:
    """Words alone find it, it is delivered, and the signal names the words and what they are about."""
    verdict = _judged(JUDGES[name], text)
    assert verdict.outcome is Outcome.CASE
    assert TYPICAL[text] in {signal.category for signal in verdict.signals}
    assert all(signal.spans and "“" in signal.sentence for signal in verdict.signals)


@pytest.mark.parametrize("text", PASSING)
@pytest.mark.parametrize("name", JUDGES)
def test_warnings_reports_and_ordinary_trade_pass(name: str, text: str) -> None:
    """Who tells of an offer, warns of it, or sells a car means something else."""
    assert _judged(JUDGES[name], text).outcome is Outcome.ALLOW


@pytest.mark.parametrize("name", starters.names())
def test_phrases_of_offers_alone_open_a_case_at_most(name: str) -> None:
    """Every trigger over the lists of offers is a doubtful sign."""
    offers = {
        f"@{one}"
        for one in loads((files("folkmoot.decide.starters") / "offers.toml").read_text("utf-8"))
        if not one.startswith("about-")
    }
    for rule in starters.load(name).rules:
        for trigger in rule.when:
            lists = (getattr(trigger, "any", ()), *getattr(trigger, "each", ()))
            if offers & {phrase for phrases in lists for phrase in phrases}:
                assert trigger.unsure
