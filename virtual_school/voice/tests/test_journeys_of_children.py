"""Five children say what they think, each in a real browser and each in their own way."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.in_browser import DESK, PHONE, context_of, faults, look
from virtual_school.access.models import Role, User
from virtual_school.voice.sets import library
from virtual_school.voice.tasks import show_people
from virtual_school.voice.words import Phrases

from .world import CODE, World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT_FIRST = 6
"""Screens that tell the child how it works, before the first question."""


class Sat:
    """Who sits before which screen. What is left open is closed at the end, and no page may have had an error."""

    def __init__(self, browser: Browser, live_server: Any) -> None:
        self.browser, self.live_server = browser, live_server
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def page(self, user: User | None, width: int, **more: Any) -> Page:
        context = context_of(self.browser, self.live_server, user, width, **more)
        context.set_default_timeout(8_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda one: self.problems.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page


@pytest.fixture
def sat(browser: Browser, live_server: Any) -> Iterator[Sat]:
    made = Sat(browser, live_server)
    yield made
    for context in made.contexts:
        context.close()
    assert [one for one in made.problems if "ERR_INTERNET_DISCONNECTED" not in one] == []


def child_of(years: int) -> World:
    return make_world(born=datetime.date(datetime.date.today().year - years, 1, 15))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def here(page: Page, address: str) -> None:
    page.wait_for_url(re.compile(rf"/my-school/{address}$"))


def choose_how(page: Page, world: World, mode: str, helper: str = "", **selected: str) -> None:
    """The adult says how it is done, on the page from which they hand over."""
    page.goto(world.url)
    page.get_by_role("link", name="Hand the page to Maisie").click()
    page.get_by_label(mode).check()
    if helper:
        page.get_by_label(helper).check()
    for label, value in selected.items():
        page.get_by_label({"questions": "Which questions?", "language": "In which language?"}[label]).select_option(
            value
        )


def code_of(page: Page, world: World) -> str:
    """The eight digits the adult is shown; then the worker looks up who is around the child, as it does at once."""
    press(page, "Show a code for another device")
    digits = re.search(r"\b(\d{4}) (\d{4})\b", page.locator("main").inner_text())
    assert digits
    show_people(CODE, world.entry().pk)
    return digits[0]


def be_told_first(page: Page, next_: str = "Next", ready: str = "I am ready") -> None:
    for number in range(1, KEPT_FIRST + 1):
        page.get_by_role("link", name=ready if number == KEPT_FIRST else next_).click()
    here(page, "my-pictures/")


def looked(page: Page) -> list[str]:
    """What is wrong on a child's own page, whose title says no more than "My school"."""
    size, wrong = page.viewport_size, []
    for width in (PHONE, DESK):
        page.set_viewport_size(width)
        wrong += faults(page)
    if size:
        page.set_viewport_size(size)
    assert page.title() in {"My school", "مدرستي"}
    return wrong


def begin_with(page: Page, digits: str) -> None:
    page.goto("/my-school/")
    page.get_by_label("Your code").fill(digits)
    press(page, "Start")
    here(page, "first/")


def tab_to(page: Page, selector: str, key: str) -> None:
    """By Tab alone to what the selector names, then this key."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} is not reached by Tab")
    page.keyboard.press(key)


def put_by_keys(page: Page, card: str, point: str) -> None:
    """One card to one place: Tab to its row, Space on the place."""
    page.locator(f"input[name='place.{card}'][value={point}]").press("Space")


def answer_by_keys(page: Page, point: str) -> None:
    page.locator(f"input[name=value][value={point}]").press("Space")
    tab_to(page, "button[value=next].app-soft--go", "Enter")


def question_of(page: Page) -> str:
    return page.locator("h1").inner_text()


def row_of(page: Page, question: str) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=question))


def pick_pictures(page: Page, *names: str) -> None:
    for place, name in enumerate(names, 1):
        page.locator(f"input[name=picture_{place}][value={name}]").check()


def test_a_child_of_five_answers_with_cards_and_faces_beside_a_teaching_assistant(sat: Sat) -> None:
    world = child_of(5)
    page = sat.page(world.users[Role.DELEGATE], 768)
    choose_how(page, world, "With somebody who helps", "(you)")
    wrong = look(page)
    press(page, "Use this device: I am signed out")
    here(page, "first/")
    show_people(CODE, world.entry().pk)
    wrong += looked(page)
    be_told_first(page)
    press(page, "Not now")
    here(page, "question/1/")
    assert question_of(page) == "What is the best thing at school?"
    page.get_by_role("checkbox", name="swings").check()
    wrong += looked(page)
    press(page, "Next")
    here(page, "question/2/")
    page.get_by_role("checkbox", name="noise").check()
    press(page, "Next")
    here(page, "question/3/")
    page.get_by_role("radio", name="in the middle").check()
    wrong += looked(page)
    press(page, "Back")
    here(page, "question/2/")
    expect(page.get_by_role("checkbox", name="noise")).to_be_checked()
    press(page, "Next")
    here(page, "question/3/")
    expect(page.get_by_role("radio", name="in the middle")).to_be_checked()
    press(page, "Stop for now")
    here(page, r"stop/\?from=3")
    page.get_by_role("link", name="Choose who can read my answers").click()
    here(page, "who/")
    wrong += looked(page)
    row_of(page, "How is class time?").get_by_label("My teacher").check()
    press(page, "Share")
    here(page, "done/")
    wrong += looked(page)
    press(page, "Leave now")
    here(page, "left/")
    wrong += looked(page)
    page.go_back()
    page.wait_for_load_state()
    assert "class time" not in page.content() and "Maisie" not in page.content()
    page.goto(world.url)
    expect(page).to_have_url(re.compile("/accounts/login/"))

    teacher = sat.page(world.users[Role.DESIGNATED_TEACHER], 1280)
    teacher.goto(f"{world.url}{world.entry().public_id}/")
    expect(teacher.get_by_role("main")).to_contain_text("in the middle")
    for kept in ("swings", "noise"):
        expect(teacher.get_by_role("main")).not_to_contain_text(kept)
    wrong += look(teacher)
    assert wrong == []


def test_a_child_of_nine_alone_on_a_phone_with_a_bad_line_loses_nothing(sat: Sat) -> None:
    world = child_of(9)
    teacher = sat.page(world.users[Role.DESIGNATED_TEACHER], 1280)
    choose_how(teacher, world, "Alone")
    digits = code_of(teacher, world)
    wrong = look(teacher)

    phone = sat.page(None, 375, has_touch=True)
    phone.goto("/my-school/")
    wrong += looked(phone)
    begin_with(phone, digits)
    be_told_first(phone)
    pick_pictures(phone, "cat", "rocket", "drum")
    wrong += looked(phone)
    press(phone, "Keep my pictures")
    here(phone, "question/1/")
    words = phone.locator("#text")
    words.fill("We made a volcano")
    wrong += looked(phone)
    phone.context.set_offline(True)
    press(phone, "Next")
    expect(phone.locator("[data-kept]")).to_contain_text(
        "There is no internet now. Your answer is safe on this device."
    )
    assert phone.url.endswith("question/1/")
    phone.context.set_offline(False)
    here(phone, "question/2/")
    phone.locator("#text").fill("Long words")
    phone.wait_for_timeout(500)
    phone.reload()
    expect(phone.locator("#text")).to_have_value("Long words")
    press(phone, "Stop for now")
    here(phone, r"stop/\?from=2")
    wrong += looked(phone)
    phone.locator("main").get_by_role("button", name="Leave now").click()
    here(phone, "left/")
    assert phone.evaluate("sessionStorage.length") == 0

    choose_how(teacher, world, "Alone")
    again = code_of(teacher, world)
    phone.goto("/my-school/")
    phone.get_by_label("Your code").fill(again)
    press(phone, "Start")
    here(phone, "pictures/")
    pick_pictures(phone, "cat", "rocket", "sun")
    wrong += looked(phone)
    press(phone, "Next")
    expect(phone.get_by_role("alert")).to_be_visible()
    pick_pictures(phone, "cat", "rocket", "drum")
    press(phone, "Next")
    here(phone, "question/3/")
    press(phone, "Back")
    here(phone, "question/2/")
    expect(phone.locator("#text")).to_have_value("Long words")
    press(phone, "Back")
    here(phone, "question/1/")
    expect(phone.locator("#text")).to_have_value("We made a volcano")
    assert wrong == []


def test_a_young_person_of_fifteen_shares_a_part_narrows_it_and_takes_it_back(sat: Sat) -> None:
    world = child_of(15)
    teacher = sat.page(world.users[Role.DESIGNATED_TEACHER], 1280)
    choose_how(teacher, world, "Alone")
    young = sat.page(None, 375)
    begin_with(young, code_of(teacher, world))
    be_told_first(young)
    press(young, "Not now")
    number = 1
    while question_of(young) != "What is the hardest thing about school right now?":
        press(young, "Skip")
        number += 1
        here(young, f"question/{number}/")
    young.locator("#text").fill("The noise in the corridor")
    wrong = looked(young)
    press(young, "Next")
    here(young, f"question/{number + 1}/")
    press(young, "Stop for now")
    young.get_by_role("link", name="Choose who can read my answers").click()
    said = row_of(young, "What is the hardest thing about school right now?")
    expect(said.get_by_role("checkbox", checked=True)).to_have_count(0)
    wrong += looked(young)

    def read_by(page: Page) -> bool:
        page.goto(f"{world.url}{world.entry().public_id}/")
        assert "Skipped" not in page.locator("main").inner_text(), "what was shared with nobody is not there"
        return "The noise in the corridor" in page.content()

    worker = sat.page(world.users[Role.SOCIAL_WORKER], 1280)
    assert not read_by(teacher) and not read_by(worker)
    said.get_by_label("My teacher").check()
    said.get_by_label("My social worker").check()
    press(young, "Share")
    here(young, "done/")
    assert read_by(teacher) and read_by(worker)
    wrong += looked(young) + look(teacher)

    young.get_by_role("link", name="Change who can see").click()
    said.get_by_label("My social worker").uncheck()
    press(young, "Share")
    here(young, "done/")
    assert read_by(teacher) and not read_by(worker)

    young.get_by_role("button", name="Take it back").click()
    expect(young.get_by_text("You took this back. They cannot read it now.")).to_be_visible()
    assert not read_by(teacher) and not read_by(worker)
    wrong += looked(young) + look(teacher)
    expect(teacher.get_by_text("Taken back by the young person")).to_be_visible()
    assert wrong == []


def test_a_young_person_new_to_english_answers_in_arabic_and_the_original_words_stay(sat: Sat) -> None:
    world = child_of(14)
    teacher = sat.page(world.users[Role.DESIGNATED_TEACHER], 1280)
    choose_how(teacher, world, "Alone", questions="new", language="ar")
    page = sat.page(None, 375)
    begin_with(page, code_of(teacher, world))
    ours = Phrases("ar").said
    assert page.locator("html").get_attribute("dir") == "rtl" and page.locator("html").get_attribute("lang") == "ar"
    told = page.locator("h1 > [lang=en]").last
    expect(told).to_contain_text("This is your space.")
    expect(page.locator("main")).to_contain_text(ours("page.english_only").text)
    tops = page.locator(".app-kid__safe p > [lang=en]").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert tops == sorted(set(tops)) and len(tops) == 2, (
        "English words of safety stand under each other, in their order"
    )
    wrong = looked(page)
    for _ in range(KEPT_FIRST):
        page.locator(".app-kid__next a").click()
    here(page, "my-pictures/")
    page.locator("button[value=not_now]").click()
    here(page, "question/1/")
    number, wanted = 1, Phrases("ar").question(library().question("n.class")).text
    while wanted not in question_of(page):
        page.locator("button[value=skip]").click()
        number += 1
        here(page, f"question/{number}/")
    page.get_by_role("radio", name=Phrases("ar").point(library().scales["HOW5.1"].point("good")).text).first.check()
    wrong += looked(page)
    page.locator(".app-kid__next button").click()
    number += 1
    here(page, f"question/{number}/")
    while not page.locator("textarea#text.app-text--large").is_visible():
        page.locator("button[value=skip]").click()
        number += 1
        here(page, f"question/{number}/")
    page.locator("#text").fill("أريد أن أتعلم الطبخ")
    wrong += looked(page)
    page.locator(".app-kid__next button").click()
    page.wait_for_url(lambda url: not url.endswith(f"question/{number}/"))
    page.goto("/my-school/who/")
    page.locator("section", has_text="الطبخ").locator("input[value=designated_teacher]").check()
    wrong += looked(page)
    page.locator("button[value=share]").click()
    here(page, "done/")
    wrong += looked(page)
    teacher.goto(f"{world.url}{world.entry().public_id}/")
    quoted = teacher.locator("blockquote", has_text="أريد أن أتعلم الطبخ")
    assert quoted.get_attribute("lang") == "ar" and quoted.get_attribute("dir") == "auto"
    assert quoted.locator("bdi").inner_text() == "أريد أن أتعلم الطبخ"
    wrong += look(teacher)
    assert wrong == []


def test_a_child_without_speech_puts_cards_on_the_mat_with_three_keys(sat: Sat) -> None:
    """Tab, Enter and Space are what a switch sends."""
    world = child_of(8)
    teacher = sat.page(world.users[Role.DESIGNATED_TEACHER], 1280)
    choose_how(teacher, world, "With a talker or symbols of their own", "(you)", questions="mat")
    page = sat.page(None, 768)
    begin_with(page, code_of(teacher, world))
    for number in range(2, KEPT_FIRST + 1):
        tab_to(page, "a.app-soft--go", "Enter")
        here(page, f"first/{number}/")
    tab_to(page, "a.app-soft--go", "Enter")
    here(page, "my-pictures/")
    tab_to(page, "button[value=not_now]", "Enter")
    here(page, "practice/")
    wrong = looked(page)
    page.get_by_role("group", name="They like this").get_by_label("banana").check()
    page.get_by_role("group", name="They do not like this").get_by_label("Something else").fill("Peas")
    press(page, "Start")
    for number, point in ((1, "like"), (2, "do_not_like")):
        here(page, f"practice/{number}/")
        wrong += looked(page)
        answer_by_keys(page, point)
    card = 1
    for place, point in ((1, "do_not_like"), (2, "like"), (6, "like")):
        while card < place:
            here(page, f"question/1/card/{card}/")
            tab_to(page, "button[value=skip]", "Enter")
            card += 1
        here(page, f"question/1/card/{place}/")
        answer_by_keys(page, point)
        card += 1
    assert question_of(page) == "What do you think about these places?"
    here(page, "question/1/card/7/")
    wrong += looked(page)
    page.goto("/my-school/question/1/mat/")
    assert question_of(page) == "Is this how you feel?"
    on_mat = page.locator(".app-mat__column").all_inner_texts()
    assert "play" in on_mat[0].casefold() and "class" in on_mat[2].casefold()
    tab_to(page, "a[href$='card/6/?mat']", "Enter")
    here(page, r"question/1/card/6/\?mat")
    answer_by_keys(page, "in_the_middle")
    here(page, "question/1/mat/")
    assert "toilet" in page.locator(".app-mat__column").all_inner_texts()[1].casefold()
    wrong += looked(page)
    tab_to(page, "button[value=yes]", "Space")
    here(page, r"question/1/mat/\?turned")
    turned = page.locator("fieldset.app-choices--turned")
    assert turned.count() == 3
    ends = turned.first.locator("input").evaluate_all("all => all.map(one => one.value)")
    assert ends[0] == "do_not_like" and ends[2] == "like", "the row is turned round"
    wrong += looked(page)
    for card_key, point in (("class_room", "do_not_like"), ("play_area", "like"), ("toilet", "like")):
        put_by_keys(page, card_key, point)
    tab_to(page, ".app-kid__next button", "Enter")
    here(page, "question/2/card/1/")
    page.goto("/my-school/who/")
    row_of(page, "What do you think about these places?").get_by_label("My teacher").check()
    press(page, "Share")
    here(page, "done/")
    teacher.goto(f"{world.url}{world.entry().public_id}/")
    expect(teacher.locator("main")).to_contain_text("some kept their meaning, some did not")
    wrong += look(teacher)
    assert wrong == []
