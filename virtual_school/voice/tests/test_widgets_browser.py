"""Answers in a real browser: every way to answer, in both directions, by mouse, key and switch, and on a bad line."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.in_browser import DESK, PHONE, context_of, faults
from virtual_school.access.models import User
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.authorities.models import Authority
from virtual_school.voice.languages import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GALLERY = "/gallery/voice/"
QUESTIONS = (
    "k1.play", "n.class", "k2.safe", "k2.helps", "k2.clubs", "k4.results", "n.needs", "k2.ask", "k3.part&way=slider",
    "k1.best&way=draw", "k1.best&way=photo", "k1.best&way=say",
)  # fmt: skip
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")]
    .filter(one => one.getClientRects().length && !one.matches(".app-kid__jump"))
    .map(one => [one, (one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one).getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44)
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width} ${box.height}`)"""
APART = """() => [...document.querySelectorAll("label")].filter(label => label.querySelector("[type=radio], [type=checkbox]"))
    .filter(label => label.getClientRects().length)
    .filter(label => {
        const isRtl = getComputedStyle(label).direction === "rtl";
        const box = label.getBoundingClientRect();
        const control = label.querySelector("input").getBoundingClientRect();
        const words = label.querySelector("span").getBoundingClientRect();
        const gap = isRtl ? box.right - control.right : control.left - box.left;
        const wordsAfter = isRtl ? words.right <= control.right + 1 : words.left >= control.left - 1;
        return gap > 4 || gap < -1 || !wordsAfter;
    }).map(label => label.outerHTML.slice(0, 120))"""


def somebody() -> User:
    return MembershipFactory(authority=Authority.objects.create(code=373, name="Sheffield")).user


@pytest.fixture
def page(browser: Browser, live_server: object) -> Iterator[Page]:
    context = context_of(browser, live_server, somebody(), 375)
    made = context.new_page()
    problems: list[str] = []
    made.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: problems.append(str(error)))
    yield made
    context.close()
    assert [one for one in problems if "ERR_INTERNET_DISCONNECTED" not in one] == []


def ask(page: Page, question: str, language: str = "en") -> None:
    page.goto(f"{GALLERY}?question={question}&language={language}")


def said(page: Page) -> str:
    """What the server would have kept, in words."""
    page.wait_for_url(lambda url: "question=" not in url)
    return parse_qs(urlparse(page.url).query).get("said", [""])[0]


def kept_on_device(page: Page) -> list[str]:
    return page.evaluate("Object.values(sessionStorage)")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_way_to_answer_passes_axe_is_large_enough_and_sits_by_its_words(page: Page, language: str) -> None:
    wrong: list[str] = []
    for question in QUESTIONS:
        ask(page, question, language)
        assert page.locator("html").get_attribute("dir") == LANGUAGES[language].direction
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            wrong += faults(page)
            wrong += [f"{question} too small: {one}" for one in page.evaluate(TOO_SMALL)]
            wrong += [f"{question} apart: {one}" for one in page.evaluate(APART)]
    assert wrong == []


def test_the_list_of_all_questions_passes_axe(page: Page) -> None:
    page.goto(GALLERY)
    assert faults(page) == []


def test_a_face_is_chosen_with_the_keys_alone(page: Page) -> None:
    ask(page, "k1.play")
    page.get_by_role("radio", name="good").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="in the middle")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert said(page) == "in the middle"


def test_a_second_press_of_the_switch_does_nothing(page: Page) -> None:
    ask(page, "k2.helps")
    quiet = page.get_by_role("checkbox", name="quiet")
    quiet.dblclick()
    expect(quiet).to_be_checked()
    page.wait_for_timeout(600)
    quiet.click()
    expect(quiet).not_to_be_checked()
    page.wait_for_timeout(600)
    quiet.click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Next").dblclick()
    assert said(page) == "quiet"
    assert len(sent) == 1


def test_cards_keep_the_order_in_which_they_were_picked_and_a_fourth_is_told_kindly(page: Page) -> None:
    ask(page, "k2.helps")
    for name in ("a walk", "quiet", "a rest", "headphones"):
        page.get_by_role("checkbox", name=name).click()
    expect(page.get_by_role("checkbox", name="headphones")).not_to_be_checked()
    expect(page.locator("[data-pick] [data-live]")).to_have_text("You have picked 3. Take one away to pick a new one.")
    page.get_by_role("button", name="Next").click()
    assert said(page) == "a walk, quiet, a rest"


def test_a_drawing_can_be_drawn_undone_and_told_about(page: Page) -> None:
    ask(page, "k1.best&way=draw")
    sheet = page.locator("canvas")
    strokes = page.locator("textarea[name=strokes]")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    for down in (30, 80):
        page.mouse.move(box["x"] + 20, box["y"] + down)
        page.mouse.down()
        page.mouse.move(box["x"] + 180, box["y"] + down + 20, steps=8)
        page.mouse.up()
    assert page.evaluate("JSON.parse(document.querySelector('textarea[name=strokes]').value).length") == 2
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate("JSON.parse(document.querySelector('textarea[name=strokes]').value).length") == 1
    expect(strokes).not_to_be_visible()
    page.get_by_label("Tell me about it").fill("My den in the trees")
    page.get_by_role("button", name="Next").click()
    assert said(page) == "My den in the trees"


def test_a_picture_is_made_of_stickers_by_keys_alone(page: Page) -> None:
    ask(page, "k1.best&way=draw")
    page.locator("summary", has_text="Make a picture with stickers").press("Enter")
    page.get_by_label("Row 1, place 2").select_option("football")
    expect(page.locator("[data-picture] img")).to_have_count(1)
    page.get_by_role("button", name="Next").press("Enter")
    assert said(page) == "football (a2)"


def test_an_answer_given_without_a_line_waits_on_the_device_and_is_sent_when_the_line_is_back(page: Page) -> None:
    ask(page, "k2.ask")
    page.get_by_label("What do you want the adults to do?").fill("Make lunch longer")
    page.context.set_offline(True)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("[data-kept]")).to_have_text(
        "There is no internet now. Your answer is safe on this device. We will send it when we can."
    )
    assert "Make lunch longer" in kept_on_device(page)[0]
    page.context.set_offline(False)
    assert said(page) == "Make lunch longer"
    assert kept_on_device(page) == []


def test_what_was_typed_is_still_there_after_the_page_was_lost_and_gone_after_leaving(page: Page) -> None:
    ask(page, "k2.ask")
    words = page.get_by_label("What do you want the adults to do?")
    words.fill("More art")
    page.wait_for_timeout(600)  # it is put away 300 ms after the last key
    assert len(kept_on_device(page)) == 1
    page.reload()
    expect(words).to_have_value("More art")
    expect(page.locator("[data-kept]")).to_have_text("We kept your answer on this device. It is back in its place.")
    page.get_by_role("link", name="Stop for now").click()
    page.wait_for_url(lambda url: "question=" not in url)
    assert kept_on_device(page) == []


def test_without_a_script_every_answer_still_reaches_the_server(browser: Browser, live_server: object) -> None:
    context = context_of(browser, live_server, somebody(), 375, java_script_enabled=False)
    plain = context.new_page()
    ask(plain, "n.needs", "ar")
    plain.locator("input[name='place.eat'][value=yes]").check()
    plain.get_by_role("button", name="Next").click()
    assert said(plain) == "نعم: الأكل"
    ask(plain, "k3.part&way=slider")
    plain.get_by_role("radio", name="0", exact=True).check()
    plain.get_by_role("button", name="Next").click()
    assert said(plain) == "0 out of 10"
    context.close()


def test_the_listen_button_is_absent_where_the_device_has_no_voice_of_its_own(page: Page) -> None:
    ask(page, "k1.play")
    expect(page.get_by_role("button", name="Listen")).to_have_count(0)


def test_only_a_voice_on_the_device_is_used_and_the_page_is_read_sentence_by_sentence(page: Page) -> None:
    page.add_init_script(
        """
        const voices = [{name: "far", lang: "en-GB", localService: false}, {name: "near", lang: "en-GB", localService: true}];
        window.said = [];
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
        Object.defineProperty(window, "speechSynthesis", {value: {
            speaking: false, getVoices: () => voices, cancel: () => {}, addEventListener: () => {},
            speak: (one) => window.said.push([one.text.trim(), one.voice.name]),
        }});
        """
    )
    ask(page, "k1.play")
    page.get_by_role("button", name="Listen").click()
    read = page.evaluate("window.said")
    assert [words for words, _ in read] == ["How is play time?", "good", "in the middle", "bad"]
    assert {voice for _, voice in read} == {"near"}


def test_sound_is_recorded_heard_again_and_sent_with_the_answer(page: Page) -> None:
    """The browser's own microphone is replaced by a tone, which is what a test machine has."""
    page.add_init_script(
        """
        navigator.mediaDevices.getUserMedia = async () => {
            const context = new AudioContext();
            const tone = context.createOscillator();
            const out = context.createMediaStreamDestination();
            tone.connect(out);
            tone.start();
            return out.stream;
        };
        """
    )
    ask(page, "k1.best&way=say")
    page.get_by_role("button", name="Start to record").click()
    expect(page.get_by_role("button", name="Stop recording")).to_be_focused()
    page.wait_for_timeout(2200)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.locator("[data-say] [data-live]")).to_have_text("Recording stopped. It is 0:02 long.")
    expect(page.locator("audio")).to_be_visible()
    sound = page.evaluate("(() => { const f = document.querySelector('#sound').files[0]; return [f.type, f.size]; })()")
    assert sound[0] == "audio/webm"
    assert 0 < sound[1] < 40_000, "two seconds at 24 kb a second are some 6 kB"
    assert page.evaluate("document.querySelector('[name=seconds]').value") == "2"
