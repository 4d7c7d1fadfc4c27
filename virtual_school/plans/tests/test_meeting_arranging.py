"""Arranging a meeting: who is invited, what is warned of, and what leaves the service in mails and calendars."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from icalendar import Calendar

from virtual_school.audit.models import Event
from virtual_school.authorities.models import TermDates
from virtual_school.plans.models import Answer, Attendee, Meeting, Plan
from virtual_school.plans.tasks import connect_meeting

from .meeting_world import plan_meeting
from .writing_world import TODAY, World

PAGE = "meeting/"
DAY = date(2026, 12, 1)


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def text_of(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "’")


def details(world: World, day: date = DAY, **more: Any) -> dict[str, Any]:
    people = ["Social worker: Danielle Frost", world.people["teacher"].pk, "Carer: Sue Palmer",
              "Education adviser: Priya Nair", "Independent reviewing officer: Ruth Ellery"]  # fmt: skip
    return {
        "on-day": day.day, "on-month": day.month, "on-year": day.year, "at": "2pm", "minutes": "60",
        "mode": "in_person", "place": "12 Elm Road, meeting room", "chair_name": "Asha Khan", "people": people,
    } | more  # fmt: skip


def arranged(world: World, client: Client, captured: Any, **more: Any) -> Meeting:
    """By the page; warnings are read, and gone past."""
    url = world.url("maisie", "meeting/arrange/")
    sent = details(world, **more)
    with captured(execute=True):
        answer = client.post(url, sent)
        if answer.status_code == 200:
            sure = answer.context["sure"]
            assert sure, answer.context["form"].errors
            answer = client.post(url, {**sent, "sure": sure})
    assert answer.status_code == 302
    with world.within():
        meeting = Meeting.objects.get(plan=world.plans["maisie"], state="planned")
    with captured(execute=True):
        connect_meeting(meeting.authority_id, meeting.pk)
    return meeting


def attendees(world: World) -> dict[str, Attendee]:
    with world.within():
        return {one.name: one for one in Attendee.objects.filter(plan=world.plans["maisie"])}


def test_a_teacher_arranges_the_meeting_with_those_around_the_child(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = world.client("teacher")
    form = text_of(client.get(world.url("maisie", "meeting/arrange/")))
    assert "Danielle Frost, social worker" in form and "Sue Palmer, carer" in form
    meeting = arranged(world, client, django_capture_on_commit_callbacks)
    assert (meeting.on, f"{meeting.at:%H:%M}", meeting.minutes) == (DAY, "14:00", 60)
    assert set(attendees(world)) == {"Asha Khan", "Danielle Frost", "Sue Palmer", "Priya Nair", "Ruth Ellery"}
    shown = text_of(client.get(world.url("maisie", PAGE)))
    assert "Tuesday 1 December 2026, 2pm" in shown and "12 Elm Road" in shown
    with world.within():
        assert Event.objects.filter(action="plan.meeting_arranged", child_id=world.children["maisie"].pk).exists()


def test_mails_and_calendar_files_say_nothing_of_the_child_nor_of_the_place(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    meeting = arranged(world, world.client("teacher"), django_capture_on_commit_callbacks)
    assert len(mail.outbox) == 5
    for message in mail.outbox:
        [(_, content, kind)] = message.attachments
        whole = message.subject + message.body + str(content)
        for words in ("Maisie", "Thornton", "Elm Road", "Moorcroft", "looked after", "care plan"):
            assert words not in whole, words
        assert kind == "text/calendar; method=REQUEST"
        calendar = Calendar.from_ical(content)
        assert calendar["METHOD"] == "REQUEST"
        [event] = calendar.walk("VEVENT")
        assert event["SUMMARY"] == "Virtual School meeting"
        assert event["SEQUENCE"] == 0
        assert f"{event.decoded('DTSTART'):%Y-%m-%d %H:%M %Z}" == "2026-12-01 14:00 GMT"
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=meeting.minutes)
        assert str(event["ATTENDEE"]) == f"mailto:{message.to[0]}"
        assert event["URL"].endswith(f"/plans/{world.plans['maisie'].public_id}/meeting/")


def test_a_changed_meeting_keeps_its_name_and_grows_its_sequence(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = world.client("teacher")
    arranged(world, client, django_capture_on_commit_callbacks)
    [first] = Calendar.from_ical(mail.outbox[0].attachments[0][1]).walk("VEVENT")
    mail.outbox.clear()
    url = world.url("maisie", "meeting/change/")
    later = details(world, date(2026, 12, 3), place="12 Elm Road, meeting room")
    assert "Say why the meeting is changed" in text_of(client.post(url, later))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {**later, "reason": "The social worker is in court"}).status_code == 302
    assert len(mail.outbox) == 5 and mail.outbox[0].subject == "Changed: Virtual School meeting, 3 December 2026"
    [changed] = Calendar.from_ical(mail.outbox[0].attachments[0][1]).walk("VEVENT")
    assert (changed["UID"], changed["SEQUENCE"]) == (first["UID"], 1)
    assert "court" not in mail.outbox[0].body
    assert "The social worker is in court" in text_of(client.get(world.url("maisie", PAGE)))


def test_who_chairs_is_changed_without_telling_everybody(world: World, django_capture_on_commit_callbacks: Any) -> None:
    client = world.client("teacher")
    arranged(world, client, django_capture_on_commit_callbacks)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(world.url("maisie", "meeting/change/"), details(world, chair_name="Danielle Frost"))
    assert mail.outbox == []
    with world.within():
        meeting = Meeting.objects.get(plan=world.plans["maisie"])
    assert (meeting.chair_name, meeting.sequence) == ("Danielle Frost", 0)


def test_a_cancelled_meeting_leaves_the_calendars(world: World, django_capture_on_commit_callbacks: Any) -> None:
    client = world.client("social worker")
    around = client.get(world.url("maisie", "meeting/arrange/")).context["around"]
    assert [one.name for one in around][:2] == ["Danielle Frost", "Asha Khan"]
    arranged(world, client, django_capture_on_commit_callbacks, people=[one.key for one in around])
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(world.url("maisie", "meeting/cancel/"), {"reason": "Snow"})
    calendar = Calendar.from_ical(mail.outbox[0].attachments[0][1])
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    shown = text_of(client.get(world.url("maisie", PAGE)))
    assert "was cancelled: Snow" in shown and "Arrange the meeting" in shown


def test_a_meeting_in_the_childs_own_schools_holiday_is_warned_of_and_not_blocked(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with world.within():
        urn = world.schools["teacher"].urn
        for kind, label, starts, ends in (
            ("term", "Autumn", date(2026, 9, 1), date(2026, 12, 18)),
            ("holiday", "Staff training", DAY, DAY),
        ):
            TermDates.objects.create(urn=urn, academic_year="2026/27", kind=kind, label=label, starts=starts, ends=ends)
    client = world.client("teacher")
    shown = text_of(client.post(world.url("maisie", "meeting/arrange/"), details(world)))
    assert "1 December 2026 is not a school day: Staff training" in shown and "Look at this first" in shown
    with world.within():
        assert not Meeting.objects.filter(plan=world.plans["maisie"]).exists()
    assert arranged(world, client, django_capture_on_commit_callbacks).on == DAY


def test_a_weekend_and_the_christmas_holiday_are_warned_of(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", "meeting/arrange/")
    assert "5 December 2026 is a Saturday" in text_of(client.post(url, details(world, date(2026, 12, 5))))
    assert "not a school day" in text_of(client.post(url, details(world, date(2026, 12, 29))))


def test_without_the_social_worker_one_is_warned_and_not_blocked(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = world.client("teacher")
    only = [world.people["teacher"].pk, "Carer: Sue Palmer", "Education adviser: Priya Nair"]
    shown = text_of(client.post(world.url("maisie", "meeting/arrange/"), details(world, people=only)))
    assert "Not invited: social worker" in shown
    arranged(world, client, django_capture_on_commit_callbacks, people=only)
    assert "Danielle Frost" not in attendees(world)


def test_notes_on_who_must_not_be_there_are_shown_before_anybody_is_invited(world: World) -> None:
    with world.within():
        field = next(
            one for one in Plan.objects.get(pk=world.plans["maisie"].pk).template.content["sections"]
            for one in one["fields"] if one["key"].endswith(".no_contact")
        )["key"]  # fmt: skip
        Answer.objects.create(
            authority=world.here, child=world.children["maisie"], plan=world.plans["maisie"],
            section_key=field.partition(".")[0], field_key=field, value="Her father, by order of the court",
        )  # fmt: skip
    shown = text_of(world.client("teacher").post(world.url("maisie", "meeting/arrange/"), details(world)))
    assert "Her father, by order of the court" in shown


def test_others_are_invited_by_name_once(world: World, django_capture_on_commit_callbacks: Any) -> None:
    client = world.client("teacher")
    arranged(world, client, django_capture_on_commit_callbacks)
    mail.outbox.clear()
    other = {"name": "Tom Ives", "role": "Careers adviser", "organisation": "Moorcroft", "email": "tom@careers.example"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(world.url("maisie", "meeting/people/"), other)
        client.post(world.url("maisie", "meeting/people/"), other)
    assert [message.to for message in mail.outbox] == [["tom@careers.example"]]
    assert len(attendees(world)) == 6
    shown = client.post(world.url("maisie", "meeting/people/"), {"role": "Nurse"})
    assert "Enter their name" in text_of(shown)


def test_who_is_taken_off_the_list_gets_a_cancellation_alone(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = world.client("teacher")
    arranged(world, client, django_capture_on_commit_callbacks)
    mail.outbox.clear()
    ruth = attendees(world)["Ruth Ellery"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(world.url("maisie", f"meeting/people/{ruth.pk}/remove/"))
    assert [message.to for message in mail.outbox] == [[world.people["reviewing officer"].email]]
    assert "Ruth Ellery" not in attendees(world)


def test_a_carer_sends_apologies_with_what_they_would_have_said(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    arranged(world, world.client("teacher"), django_capture_on_commit_callbacks)
    sue = attendees(world)["Sue Palmer"]
    carer = world.client("carer")
    url = world.url("maisie", f"meeting/people/{sue.pk}/")
    assert carer.post(f"{url}apologies/", {"contribution": "She reads every night"}).status_code == 302
    assert (attendees(world)["Sue Palmer"].came, attendees(world)["Sue Palmer"].contribution) == (
        "apologies", "She reads every night",
    )  # fmt: skip
    assert "She reads every night" in text_of(world.client("teacher").get(world.url("maisie", PAGE)))
    carer.post(f"{url}coming/")
    assert attendees(world)["Sue Palmer"].came == ""
    asha = attendees(world)["Asha Khan"]
    assert carer.post(world.url("maisie", f"meeting/people/{asha.pk}/apologies/"), {}).status_code == 403


@pytest.mark.parametrize("page", ["arrange", "change", "cancel", "record", "people", "room"])
def test_only_who_runs_a_meeting_may_change_it(
    world: World, page: str, django_capture_on_commit_callbacks: Any
) -> None:
    arranged(world, world.client("teacher"), django_capture_on_commit_callbacks)
    url = world.url("maisie", f"meeting/{page}/")
    for who in ("carer", "reviewing officer", "inspector", "data officer"):
        assert world.client(who).get(url).status_code == 403, who
        assert world.client(who).post(url, {}).status_code == 403, who
    for who in ("other social worker", "other teacher", "other head"):
        assert world.client(who).get(url).status_code == 404, who
    for who in ("board member",):
        assert world.client(who).get(url).status_code == 403
    for who in ("head", "adviser", "social worker"):
        assert world.client(who).get(url).status_code in {200, 302}, who


def test_those_around_the_child_read_when_it_is(world: World, django_capture_on_commit_callbacks: Any) -> None:
    arranged(world, world.client("teacher"), django_capture_on_commit_callbacks)
    for who in ("carer", "reviewing officer", "inspector"):
        shown = text_of(world.client(who).get(world.url("maisie", PAGE)))
        assert "Tuesday 1 December" in shown and "Cancel the meeting" not in shown, who
        assert world.client(who).get(world.url("maisie", "meeting/calendar/")).status_code == 200
    assert world.client("other teacher").get(world.url("maisie", PAGE)).status_code == 404


def test_the_calendar_file_to_download_names_nobody(world: World, django_capture_on_commit_callbacks: Any) -> None:
    client = world.client("carer")
    arranged(world, world.client("teacher"), django_capture_on_commit_callbacks)
    answer = client.get(world.url("maisie", "meeting/calendar/"))
    assert answer["Content-Disposition"] == 'attachment; filename="meeting.ics"'
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert "ATTENDEE" not in event and event["LOCATION"] == "The place is in the service"


def test_a_mail_that_cannot_be_sent_stops_nothing_and_the_log_names_nobody(
    world: World, django_capture_on_commit_callbacks: Any, settings: Any, caplog: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    assert arranged(world, world.client("teacher"), django_capture_on_commit_callbacks).on == DAY
    assert "could not be sent: ConnectionRefusedError" in caplog.text
    for who in ("moorcroft.example", "Asha", "Maisie", world.people["teacher"].email):
        assert who not in caplog.text


def test_a_reviewing_officer_sends_their_own_apologies_and_nobody_elses(world: World) -> None:
    meeting = plan_meeting(world, on=DAY)
    with world.within():
        ruth = meeting.attendees.get(person=world.people["reviewing officer"])
        asha = meeting.attendees.get(person=world.people["teacher"])
    client = world.client("reviewing officer")
    assert f"people/{ruth.pk}/apologies/" in text_of(client.get(world.url("maisie", PAGE)))
    url = world.url("maisie", f"meeting/people/{ruth.pk}/")
    assert client.post(f"{url}apologies/", {"contribution": "Please look at transport"}).status_code == 302
    with world.within():
        ruth.refresh_from_db()
    assert (ruth.came, ruth.contribution) == ("apologies", "Please look at transport")
    assert client.post(f"{url}coming/").status_code == 302
    with world.within():
        ruth.refresh_from_db()
    assert ruth.came == ""
    assert client.post(world.url("maisie", f"meeting/people/{asha.pk}/apologies/"), {}).status_code == 403
