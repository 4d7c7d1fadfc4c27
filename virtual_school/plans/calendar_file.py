"""A meeting as a calendar file and by mail. Neither says whom it is about, nor where it is: that stands in the service."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress

logger = logging.getLogger("virtual_school.plans")
LONDON = ZoneInfo("Europe/London")
SUMMARY = "Virtual School meeting"
PLACE = "The place is in the service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """`sequence` grows with each change, so that a calendar takes the newer one."""

    uid: str
    on: date
    at: time | None
    minutes: int
    sequence: int
    link: str
    council: str
    to_name: str = ""
    to_email: str = ""
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "REQUEST"


def link_to(plan_id: object) -> str:
    return settings.BASE_URL.rstrip("/") + reverse("plans:meeting", args=[plan_id])


def calendar_file(invitation: Invitation, *, stamp: datetime) -> bytes:
    """`stamp`: when it is made, aware. One attendee at most: nobody learns here who else comes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Virtual School//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", stamp)
    event.add("summary", SUMMARY)
    event.add("location", PLACE)
    event.add("description", f"What it is about and where it is, after signing in: {invitation.link}")
    event.add("url", invitation.link)
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("class", "CONFIDENTIAL")
    if invitation.at is None:
        event.add("dtstart", invitation.on)
        event.add("dtend", invitation.on + timedelta(days=1))
    else:
        starts = datetime.combine(invitation.on, invitation.at, LONDON)
        event.add("dtstart", starts)
        event.add("dtend", starts + timedelta(minutes=invitation.minutes))
    organiser = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organiser.params["cn"] = invitation.council
    event["organizer"] = organiser
    if invitation.to_email:
        person = vCalAddress(f"mailto:{invitation.to_email}")
        person.params["cn"] = invitation.to_name
        person.params["role"] = "REQ-PARTICIPANT"
        person.params["rsvp"] = "TRUE"
        event.add("attendee", person, encode=0)
    calendar.add_component(event)
    if invitation.at is not None:
        calendar.add_missing_timezones()
    return calendar.to_ical()


def mail_of(invitation: Invitation, *, stamp: datetime, changed: bool = False) -> EmailMessage:
    """`changed`: they hold an earlier one. The mail names nobody but who gets it."""
    context = {"invitation": invitation, "changed": changed}
    message = EmailMessage(
        subject=render_to_string("plans/meeting/mail_subject.txt", context).strip(),
        body=render_to_string("plans/meeting/mail.txt", context),
        to=[invitation.to_email],
    )
    message.attach("meeting.ics", calendar_file(invitation, stamp=stamp), f"text/calendar; method={invitation.method}")
    return message


def send(message: EmailMessage) -> None:
    """A mail that cannot be sent stops nothing; the log does not say to whom it should have gone."""
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("An invitation to a meeting could not be sent: %s.", type(error).__name__)
