import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from virtual_school.design import views
from virtual_school.design.components import Link

DESIGN = Path(views.__file__).parent
BLOCKED_BY_THE_POLICY = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def gallery() -> str:
    return views.gallery(RequestFactory().get("/gallery/")).content.decode()


def test_the_gallery_has_nothing_the_content_policy_would_block() -> None:
    assert not BLOCKED_BY_THE_POLICY.search(gallery())


def test_no_template_has_a_style_or_script_within_it() -> None:
    for template in (DESIGN / "templates").rglob("*.html"):
        assert not BLOCKED_BY_THE_POLICY.search(template.read_text()), template


def test_every_id_on_the_gallery_is_there_once_and_every_reference_leads_somewhere() -> None:
    html = gallery()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'(?:\sfor|aria-controls|aria-labelledby|aria-describedby)="([^"]+)"', html)
    referred += re.findall(r"url\(#([^)]+)\)", html)
    referred += re.findall(r'href="#([^"]+)"', html)
    assert {one for several in referred for one in several.split()} <= set(ids)


def test_a_page_has_one_heading_and_its_title_starts_with_it() -> None:
    html = gallery()
    assert len(re.findall("<h1", html)) == 1
    assert "<title>How pages look – Virtual School</title>" in html


def test_the_title_of_a_page_with_errors_says_so_and_the_summary_comes_before_the_heading() -> None:
    class Form(forms.Form):
        name = forms.CharField()

    html = render_to_string("design/page.html", {"form": Form({})})
    assert "<title>Error: " in html
    assert html.index("There is a problem") < html.index("<h1")


def test_signed_out_there_is_no_way_to_sign_out_and_no_navigation() -> None:
    html = render_to_string("design/page.html", {})
    assert "Sign out" not in html
    assert 'aria-label="Main"' not in html
    assert "Virtual School" in html


def test_the_frame_shows_who_one_is_and_where_one_may_go() -> None:
    frame = SimpleNamespace(
        council="Calderwick <Council>",
        person="Priya Nair",
        role="Education adviser",
        nav=[Link("Today", "/today/", True), Link("Children", "/children/")],
        more=[Link("Money", "/money/")],
        can_search=True,
        colours_url="/colours/calderwick.css",
        authority_class="app-authority-1",
        switch_url="/role/",
        is_demo=True,
    )
    html = render_to_string("design/page.html", {"frame": frame}, RequestFactory().get("/"))
    for markup in (
        "Calderwick &lt;Council&gt;",
        "<strong>Priya Nair</strong>, Education adviser",
        'href="/today/" aria-current="true"',
        '<link rel="stylesheet" href="/colours/calderwick.css">',
        'action="/search/" method="post" role="search"',
        'app-authority-1">',
        "Switch role",
        'href="/money/"',
        "invented children",
    ):
        assert markup in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_an_error_page_needs_nothing_but_itself(name: str) -> None:
    html = get_template(name).render()
    assert html.count("<h1") == 1
    title = re.search(r"<title>(.*?) – ", html)[1]
    assert f'<h1 class="govuk-heading-l">{title}</h1>' in html


def test_the_stylesheet_is_complete_and_brings_nothing_from_elsewhere() -> None:
    css = (DESIGN / "static/design/govuk.css").read_text()
    assert "url(" not in css
    assert "GDS Transport" not in css
    assert "crest" not in css
    for name in ("input", "radios", "checkboxes", "date-input", "error-summary", "task-list", "panel", "tabs"):
        assert f".govuk-{name}" in css
    assert "url(" not in (DESIGN / "static/design/app.css").read_text()


def test_every_class_of_our_own_in_the_templates_is_in_the_stylesheet() -> None:
    css = (DESIGN / "static/design/app.css").read_text()
    used = set()
    for template in (DESIGN / "templates").rglob("*.html"):
        for classes in re.findall(r'class="([^"]*)"', template.read_text()):
            used |= set(re.findall(r"\bapp-[a-z_-]+[a-z]\b", classes))
    assert {name for name in used if f".{name}" not in css} == set()
