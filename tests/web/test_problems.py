"""What went wrong, as it is answered: to people in their frame and language, to htmx in a sentence, to programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from kernel.contributions import Entry
from kernel.errors import BadInput, Conflict, NotAllowed, NotFound, NotSignedIn, RuleBroken, TooMany, TryLater
from kernel.maintenance import Maintenance
from web import problems
from web.guard import ForeignRequest
from web.render import Look, View

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
NOW = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
NAVIGATION = (
    Entry("Today", "/", "sun", None), Entry("Stock", "/inventory", "gem", None),
    Entry("Sales", "/pos/sales", "receipt", None), Entry("Books", "/books", "book-open", None),
)  # fmt: skip
REFUSALS = {
    "input": BadInput({"weight": "Please enter a number.", "": "The sale is closed."}),
    "allowed": NotAllowed("pos.sell", "Sell at the till"),
    "rule": RuleBroken("The ring is sold."),
    "later": TryLater(),
    "stranger": NotSignedIn(),
    "old": ForeignRequest(),
    "first": Conflict("Somebody else sold it."),
    "often": TooMany("Too many tries."),
    "nowhere": NotFound(),
}


@pytest.fixture
def client():
    def seen(request):
        asked = request.query_params
        view = View(path=request.url.path, platform="platform" in asked)
        framed = replace(view, navigation=NAVIGATION, person="Sara", search="/search")
        request.state.view = view if "plain" in asked else framed

    def refuse(request):
        seen(request)
        return problems.refused(request, REFUSALS[request.path_params["why"]])

    def break_down(request):
        seen(request)
        return problems.fault(request, ZeroDivisionError("secret"))

    def close(request):
        seen(request)
        until = NOW + timedelta(minutes=int(request.query_params["minutes"]))
        return problems.closed(request, Maintenance(until, "A larger disk.", NOW, "Ada"), NOW)

    either = ["GET", "POST"]
    app = Starlette(
        routes=[
            Route("/api/{why}", refuse, methods=either), Route("/fault", break_down, methods=either),
            Route("/closed", close, methods=either), Route("/inventory/{why}", refuse),
            Route("/{why}", refuse, methods=either),
        ]
    )  # fmt: skip
    app.state.look = Look()
    return TestClient(app, follow_redirects=False)


def test_a_person_gets_a_page_in_their_frame(client):
    answer = client.get("/rule")
    assert (answer.status_code, "The ring is sold." in answer.text) == (422, True)
    assert 'class="side"' in answer.text
    assert 'class="side"' not in client.get("/rule?plain").text


def test_a_program_gets_a_problem(client):
    answer = client.get("/api/input")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json() == {
        "type": "urn:goldsmith:problem:bad_input",
        "title": "Some of what was entered needs another look.",
        "status": 400,
        "fields": {"weight": "Please enter a number.", "": "The sale is closed."},
    }
    assert client.get("/api/allowed").json()["permission"] == "pos.sell"


def test_a_part_of_a_page_gets_a_sentence_and_stays_as_it_is(client):
    answer = client.get("/input", headers=PART)
    assert answer.status_code == 400
    assert answer.text.lstrip().startswith("<hx-partial")
    assert "Please enter a number. The sale is closed." in answer.text
    assert "Your role does not include “Sell at the till”." in client.get("/allowed", headers=PART).text


def test_who_lacks_a_permission_is_told_which_and_who_gives_it(client):
    page = client.get("/allowed").text
    assert "Your role does not include “Sell at the till”." in page
    assert "The owner of your shop decides what each role may do, and can give it to you." in page
    assert "Another administrator of this installation" in client.get("/allowed?platform").text


def test_what_is_not_there_leads_to_a_search_and_to_the_nearest_pages(client):
    page = client.get("/inventory/nowhere").text
    assert 'action="/search"' in page
    assert page.count("Perhaps you were looking for:") == 1
    assert '<a class="button" href="/inventory">' in page
    assert "Perhaps you were looking for:" not in client.get("/nowhere").text


def test_the_nearest_pages_are_those_a_slip_of_the_finger_meant():
    view = View(navigation=NAVIGATION)
    assert [entry.path for entry in problems.nearest(view, "/inventroy")] == ["/inventory"]
    assert [entry.path for entry in problems.nearest(view, "/pos/sales/7")] == ["/pos/sales"]
    assert problems.nearest(view, "/zzz") == problems.nearest(view, "/") == []


def test_who_may_try_again_is_told_when(client):
    assert client.get("/later").headers["retry-after"] == "2"
    assert client.get("/later", headers=PART).headers["retry-after"] == "2"
    often = client.get("/often")
    assert (often.headers["retry-after"], "Try again in 1 minute." in often.text) == ("60", True)
    assert "Too many tries. Try again in 1 minute." in client.get("/often", headers=PART).text


def test_a_page_that_waits_looks_again_by_itself(client):
    assert client.get("/later").headers["refresh"] == "10"
    assert "refresh" not in client.post("/later").headers
    assert "refresh" not in client.get("/rule").headers


def test_somebody_faster_offers_the_page_as_it_stands_now(client):
    page = client.post("/first", headers={"referer": "http://testserver/pieces/7?tab=1"}).text
    assert '<a class="button button--primary" href="/pieces/7?tab=1">' in page


def test_a_stranger_is_led_to_the_door_and_back_to_where_they_were(client):
    def door(answer):
        return answer.headers.get("location") or answer.headers["hx-redirect"]

    assert door(client.get("/stranger?page=2")) == "/login?next=/stranger%3Fpage%3D2"
    was_at = {"referer": "http://testserver/pieces/new"}
    assert door(client.post("/stranger", headers=was_at)) == "/login?next=/pieces/new"
    assert door(client.post("/stranger", headers={"referer": "http://evil.example/x"})) == "/login?next=/"
    at_the_till = {**PART, "HX-Current-URL": "http://testserver/pos?sale=1"}
    assert door(client.post("/stranger", headers=at_the_till)) == "/login?next=/pos%3Fsale%3D1"


@pytest.mark.parametrize(("why", "kept"), [("stranger", True), ("old", True), ("later", True), ("rule", False)])
def test_a_form_that_was_not_taken_is_kept_where_nothing_is_wrong_with_it(client, why, kept):
    assert ("draft=kept" in client.post(f"/{why}").headers.get("set-cookie", "")) is kept
    assert "set-cookie" not in client.get(f"/{why}").headers
    assert "set-cookie" not in client.post(f"/api/{why}").headers


@pytest.mark.parametrize("headers", [{}, PART, {"accept": "application/json"}])
def test_a_fault_has_a_number_and_leaks_nothing(client, headers, caplog):
    answer = client.get("/fault", headers=headers)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = caplog.records[0].getMessage().split()[1]
    assert number in answer.text


def test_where_even_the_page_of_a_fault_breaks_a_plain_one_says_the_same(client, monkeypatch, caplog):
    def broken(*_args, **_more):
        raise ZeroDivisionError("secret template")

    monkeypatch.setattr(problems, "page", broken)
    answer = client.get("/fault")
    number = caplog.records[0].getMessage().split()[1]
    assert (answer.status_code, number in answer.text, "secret" in answer.text) == (500, True, False)
    assert answer.text.startswith("<!doctype html>")
    assert client.get("/rule").status_code == 422


def test_maintenance_says_why_and_until_when_in_both_languages(client):
    answer = client.get("/closed?minutes=25")
    assert (answer.status_code, answer.headers["retry-after"], answer.headers["refresh"]) == (503, "1500", "10")
    assert "A larger disk.\u2069 We expect to be back in 25 minutes." in answer.text
    assert '<section class="error__also" lang="fa" dir="rtl">' in answer.text
    assert "We expect to be back in about 3 hours." in client.get("/closed?minutes=180").text
    late = client.get("/closed?minutes=-5")
    assert (late.headers["retry-after"], "a little longer" in late.text) == ("30", True)
    assert "A larger disk." in client.post("/closed?minutes=25", headers=PART).text
    assert client.get("/closed?minutes=25", headers={"accept": "application/json"}).json()["status"] == 503


def test_a_problem_of_a_form_shows_sentences_and_no_names_of_fields(client):
    page = client.get("/input").text
    assert ("Please enter a number." in page, "<code>" in page) == (True, False)
