import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from kernel.errors import BadInput, NotAllowed, NotSignedIn, RuleBroken, TryLater
from web import problems
from web.render import Look, View

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
REFUSALS = {
    "input": BadInput({"weight": "Please enter a number.", "": "The sale is closed."}),
    "allowed": NotAllowed("pos.sell", "Sell at the till"),
    "rule": RuleBroken("The ring is sold."),
    "later": TryLater(),
    "stranger": NotSignedIn(),
}


@pytest.fixture
def client():
    def refuse(request):
        request.state.view = View(path=request.url.path)
        return problems.refused(request, REFUSALS[request.path_params["why"]])

    def break_down(request):
        request.state.view = View(path=request.url.path)
        return problems.fault(request, ZeroDivisionError("secret"))

    routes = [Route("/api/{why}", refuse), Route("/fault", break_down), Route("/{why}", refuse)]
    app = Starlette(routes=routes)
    app.state.look = Look()
    return TestClient(app, follow_redirects=False)


def test_a_person_gets_a_page(client):
    answer = client.get("/rule")
    assert answer.status_code == 422
    assert "<h1>" in answer.text
    assert "The ring is sold." in answer.text


def test_a_program_gets_a_problem(client):
    answer = client.get("/api/input")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json() == {
        "type": "urn:goldsmith:problem:bad_input",
        "title": "Some of what was entered needs another look.",
        "status": 400,
        "fields": {"weight": "Please enter a number.", "": "The sale is closed."},
    }


def test_a_part_of_a_page_gets_a_sentence_and_stays_as_it_is(client):
    answer = client.get("/input", headers=PART)
    assert answer.status_code == 400
    assert answer.text.lstrip().startswith("<hx-partial")
    assert "Please enter a number. The sale is closed." in answer.text
    assert "Your role does not include “Sell at the till”." in client.get("/allowed", headers=PART).text


def test_who_may_try_again_is_told_when(client):
    assert client.get("/later").headers["retry-after"] == "2"
    assert client.get("/later", headers=PART).headers["retry-after"] == "2"


def test_a_stranger_is_led_to_the_door(client):
    assert client.get("/stranger").headers["location"] == "/login?next=/stranger"
    assert client.get("/stranger", headers=PART).headers["hx-redirect"] == "/login"


@pytest.mark.parametrize("headers", [{}, PART])
def test_a_fault_has_a_number_and_leaks_nothing(client, headers, caplog):
    answer = client.get("/fault", headers=headers)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = caplog.records[0].getMessage().split()[1]
    assert number in answer.text
