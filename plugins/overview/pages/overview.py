"""The platform's first page: parts that each ask for themselves, so that one that breaks takes no other with it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.presence import Presence
from kernel.uow import PlatformWork
from plugins.overview.pages.parts import PARTS, Part, Scene
from plugins.overview.permissions import SEE_OVERVIEW
from plugins.overview.ports import Machine
from web.parts import part
from web.render import formats, page
from web.routing import get


@dataclass(frozen=True, slots=True)
class Shown:
    """A part as it stands on the page now."""

    part: Part
    content: Markup

    @property
    def address(self) -> str:
        return f"/platform/parts/{self.part.name}"

    @property
    def trigger(self) -> str:
        """The signals on which it is asked for anew; what no signal tells of is asked for now and then."""
        signals = [f"live:{topic} from:body throttle:5s" for topic in self.part.live]
        return ", ".join([*signals, *([f"every {self.part.every_s}s"] if self.part.every_s else [])])


@get("/platform", platform=True, permission=SEE_OVERVIEW)
def show_overview(request: Request, work: PlatformWork, presence: Presence, machine: Machine) -> Response:
    scene = Scene(work, formats(request), presence, machine)
    return page(request, "overview/overview.html", parts=[_shown(request, scene, each) for each in PARTS])


@get("/platform/parts/{part}", platform=True, permission=SEE_OVERVIEW)
def show_part(request: Request, work: PlatformWork, presence: Presence, machine: Machine, part: str) -> Response:
    """One part by itself, for when it changed."""
    found = next((each for each in PARTS if each.name == part), None)
    if found is None:
        raise NotFound(_("There is no such part of the overview."))
    scene = Scene(work, formats(request), presence, machine)
    return page(request, "overview/part.html", block="part", shown=_shown(request, scene, found))


def _shown(request: Request, scene: Scene, which: Part) -> Shown:
    content = part(request, scene.work, f"overview.{which.name}", which.template, lambda: which.show(scene))
    return Shown(which, content)
