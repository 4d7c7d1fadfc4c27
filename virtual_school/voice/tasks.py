"""What the service does by itself: gives alerts on, reminds of promises, deletes what was never shared."""

import contextlib

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from virtual_school.access.models import User
from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from . import forgetting, media, reminding, worries
from .models import AlertStep, Entry, VoiceAlert
from .people import shown_of

NOW_SUBJECT = "Something to read now in Virtual School"
NOW_BODY = """There is something for you to read now in Virtual School.

Sign in to see it: {url}

This message says nothing of what it is about.
"""


def send_now(person_id: int) -> bool:
    """A message without a name or a word of what it is about."""
    user = User.objects.filter(pk=person_id, is_active=True).exclude(email=None).first()
    if user is None:
        return False
    send_mail(NOW_SUBJECT, NOW_BODY.format(url=settings.BASE_URL + reverse("voice:alerts")), None, [user.email])
    return True


@app.task(name="voice.tell_reader", retry=5)
def tell_reader(person_id: int) -> None:
    with transaction.atomic():
        send_now(person_id)


@app.task(name="voice.route_alert", retry=5)
def route_alert(code: int, alert_id: int) -> None:
    """The child pressed and said no more: nobody is left out, and the alert does not wait."""
    with acting(service(code), action="alert given on"):
        alert = VoiceAlert.objects.filter(pk=alert_id).first()
        if alert is not None and not alert.steps.filter(kind=AlertStep.Kind.SCREEN).exists():
            worries.give(alert=alert, entry=alert.entry, not_first=[])


@app.task(name="voice.name_alert", retry=5)
def name_alert(code: int, alert_id: int) -> None:
    """A child's own page knows a first name only, and a reader need not see the record: the service says who it is."""
    with acting(service(code), action="alert named"):
        alert = VoiceAlert.objects.select_related("child").filter(pk=alert_id).first()
        if alert is not None:
            worries.name(alert, alert.child)


@app.task(name="voice.give_on", retry=5)
def give_on(code: int, alert_id: int) -> None:
    """A reader asks for a second person, and does not see to whom it was given: the service does."""
    with acting(service(code), action="alert given on"):
        if (alert := VoiceAlert.objects.filter(pk=alert_id).first()) is not None:
            worries.give_on(alert)


@app.periodic(cron="*/15 * * * *")
@app.task(name="voice.watch_alerts", queueing_lock="voice.watch_alerts")
def watch_alerts(timestamp: int) -> None:
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            watch.configure(queueing_lock=f"voice.watch.{code}").defer(code=code)


@app.task(name="voice.watch", retry=2)
def watch(code: int) -> None:
    with acting(service(code), action="alerts watched"):
        now = timezone.localtime()
        unread = VoiceAlert.objects.exclude(steps__kind__in=[AlertStep.Kind.OPENED, AlertStep.Kind.PHONE])
        for alert in unread.filter(authority=code):
            worries.escalate(alert, now)


@app.task(name="voice.show_people", retry=3)
def show_people(code: int, entry_id: int) -> None:
    """Who handed the page over may not see who else is around the child: the service knows, and puts first names in."""
    with acting(service(code), action="people for an entry"):
        entry = Entry.objects.select_related("child").filter(pk=entry_id).first()
        if entry is not None:
            known = shown_of(entry.child)
            helper = [one for one in entry.shown.get("people", []) if one["scope"] == "helper"]
            entry.shown = {**entry.shown, "people": [*helper, *known["people"]], "clubs": known["clubs"]}
            Entry.objects.filter(pk=entry.pk).update(shown=entry.shown)


@app.periodic(cron="20 3 * * *")
@app.task(name="voice.every_night", queueing_lock="voice.every_night")
def every_night(timestamp: int) -> None:
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            forget.configure(queueing_lock=f"voice.forget.{code}").defer(code=code)


@app.periodic(cron="50 3 * * *")
@app.task(name="voice.forget_gone", queueing_lock="voice.forget_gone", retry=2)
def forget_gone(timestamp: int) -> None:
    """Of children who are held no more, and of pictures taken away."""
    with transaction.atomic():
        media.forget_gone()


@app.task(name="voice.forget", retry=2)
def forget(code: int) -> None:
    """Drafts are found by their entries, which hold no words, and deleted with the entries' own right, unread."""
    forgetting.forget_drafts(code, timezone.localdate())


@app.periodic(cron="40 6 * * *")
@app.task(name="voice.remind_every_day", queueing_lock="voice.remind_every_day")
def remind_every_day(timestamp: int) -> None:
    for code in Authority.objects.values_list("code", flat=True):
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            remind.configure(queueing_lock=f"voice.remind.{code}").defer(code=code)


@app.task(name="voice.remind", retry=2)
def remind(code: int) -> None:
    with acting(service(code), action="people reminded of promises"):
        today = timezone.localdate()
        reminding.pass_on(code, today)
        for person in sorted(reminding.write_reminders(code, today)):
            tell_promiser.defer(person_id=person)


@app.task(name="voice.tell_promiser", retry=3)
def tell_promiser(person_id: int) -> None:
    with transaction.atomic():
        reminding.mail(person_id)
