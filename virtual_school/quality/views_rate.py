"""The page a plan is rated on, and the page that says what the rating comes to before anybody is told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import term_words
from virtual_school.design.forms import DateField, Textarea
from virtual_school.plans.checking import mended_by
from virtual_school.plans.opened import OpenedPlan, plan_for
from virtual_school.plans.refused import Refused
from virtual_school.plans.tasks import tell_returned
from virtual_school.plans.views_closing import refuse_roles
from virtual_school.plans.workflow import VIRTUAL_SCHOOL

from .actions import finish_check, finished_checks, marks_of, missing, open_check, refusal, save_check
from .criteria import asked
from .forms_rate import RateForm
from .models import Phrase, Rating, Side
from .readings import readings
from .rollup import Reached, roll_up
from .rubric import SIDES, Criterion, Rubric
from .told import feedback_before, said_to
from .versions import in_force, rubric_of
from .whose import person_of


def about(opened: OpenedPlan) -> dict[str, Any]:
    return {"opened": opened, "plan": opened.plan, "child": opened.child, "term": term_words(opened.plan.term)}


def blocks(form: RateForm, opened: OpenedPlan) -> list[dict[str, Any]]:
    """Each criterion with what the plan says under it; a section that was shown above is named, not repeated."""
    told, shown = readings(opened), set()
    found = []
    for one in form.criteria:
        keys = [key for section in one.sections for key in told if key.partition(":")[0] == section]
        here = [told[key] for key in keys if told[key].lines]
        fresh = [reading for reading in here if reading.key not in shown]
        again = [reading for reading in here if reading.key in shown]
        shown |= {reading.key for reading in fresh}
        found.append({"criterion": one, "readings": fresh, "again": again, **form.boxes(one)})
    return found


@requires(Permission.CHILD_READ)
def rate(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, VIRTUAL_SCHOOL)
    person, why_not = person_of(request), refusal(opened)
    draft = open_check(opened)
    rubric = rubric_of(draft.rubric if draft else in_force(opened.plan.authority_id))
    phrases = Phrase.objects.filter(authority=opened.plan.authority_id, is_on=True)
    form = RateForm(rubric, asked(rubric, opened), phrases, draft, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_check(opened=opened, marks=form.marks, said=form.said, by=person.user)
        except Refused as words:
            form.add_error(None, str(words))
        else:
            if "look" in request.POST:
                return redirect("quality:finish", opened.plan.public_id)
            messages.success(request, "Saved. Nobody is told anything yet; go on when you like.")
            return redirect("quality:rate", opened.plan.public_id)
    context = {
        **about(opened),
        "form": form,
        "rubric": rubric,
        "why_not": why_not if request.method != "POST" else "",
        "blocks": [] if why_not else blocks(form, opened),
        "draft": draft,
        "rounds": rounds(opened),
        "before": feedback_before(opened),
        "left": len(missing(rubric, opened, marks_of(draft))) if draft else len(form.criteria),
        "has_last": opened.plan.previous_id is not None,
    }
    return render(request, "quality/rate.html", context)


def rounds(opened: OpenedPlan) -> list[dict[str, Any]]:
    """The ratings this plan had before it was mended."""
    return [
        {"rating": one, "result": one.results.filter(side=Side.SCHOOL).first(), "said": said_to(one, Side.SCHOOL)}
        for one in finished_checks(opened)
    ]


class FinishForm(forms.Form):
    """One box a section: those with words are opened again when the plan is sent back."""

    marks_optional = False

    def __init__(self, opened: OpenedPlan, words: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["reason"] = forms.CharField(
            label="What is this about, in a sentence or two?",
            help_text="Only if you send it back. Begin with what is good",
            widget=Textarea(rows=3),
            max_length=2000,
            required=False,
        )
        for section in opened.sections:
            self.fields[f"s_{section.key}"] = forms.CharField(
                label=f"What is to be mended in “{section.title}”?",
                required=False,
                max_length=2000,
                initial=words.get(section.key, ""),
                widget=Textarea(rows=2),
            )
        self.fields["due_on"] = DateField(label="Mended by", required=False)
        self.titles = {section.key: section.title for section in opened.sections}
        self.proposed = words

    @property
    def sections(self) -> dict[str, str]:
        return {key: words for key in self.titles if (words := self.cleaned_data.get(f"s_{key}", "").strip())}

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """Those proposed first."""
        found = []
        for key in sorted(self.titles, key=lambda one: one not in self.proposed):
            bound = self[f"s_{key}"]
            found.append({"title": self.titles[key], "field": bound, "open": bool(bound.value() or bound.errors)})
        return found


def proposed(opened: OpenedPlan, rubric: Rubric, rating: Rating) -> dict[str, str]:
    """For the sections of criteria that are not sound, the words said of them to the school."""
    shown = [section.key for section in opened.sections]
    marks, words = marks_of(rating), {}
    for one in rubric.of_side("school"):
        level = rubric.level(marks.get(one.key, ""))
        said = [
            c.words for c in rating.comments.all() if c.key == one.key and not c.is_praise and c.side == Side.SCHOOL
        ]
        if level is None or level.is_good or not said:
            continue
        key = next((key for key in one.sections if key in shown), None)
        if key is not None:
            words[key] = "\n".join([*([words[key]] if key in words else []), *said])
    return words


@requires(Permission.CHILD_READ)
def finish(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, VIRTUAL_SCHOOL)
    person, rating = person_of(request), open_check(opened)
    if rating is None:
        return redirect("quality:rate", opened.plan.public_id)
    rubric = rubric_of(rating.rubric)
    marks = marks_of(rating)
    left = missing(rubric, opened, marks)
    form = FinishForm(
        opened,
        proposed(opened, rubric, rating),
        request.POST or None,
        initial={"due_on": mended_by(opened, timezone.localdate()), "reason": _reason(rating)},
    )
    if request.method == "POST" and form.is_valid():
        outcome = request.POST.get("outcome", "")
        try:
            finish_check(
                opened=opened, rating=rating, outcome=outcome, by=person.user, reason=form.cleaned_data["reason"],
                sections=form.sections, due_on=form.cleaned_data["due_on"],
            )  # fmt: skip
        except Refused as words:
            form.add_error(None, str(words))
        else:
            if outcome == Rating.Outcome.RETURNED:
                tell_returned.defer(code=opened.plan.authority_id, plan_id=opened.plan.pk)
                messages.success(request, "Rated and sent back. Those who mend it are told now, and see your feedback.")
            else:
                messages.success(
                    request, "Rated and approved. Share it with everyone next; the school sees your feedback."
                )
            return redirect("plans:plan", opened.plan.public_id)
    context = {
        **about(opened),
        "form": form,
        "rubric": rubric,
        "rating": rating,
        "left": left,
        "sides": [_side(rubric, marks, rating, side) for side in SIDES if not left],
        "internal": said_to(rating, Side.INTERNAL),
        "rounds": rounds(opened),
        "why_not": refusal(opened) if request.method != "POST" else "",
    }
    return render(request, "quality/finish.html", context)


def _reason(rating: Rating) -> str:
    """What is good first, then what the whole plan needs, as a start for the words the plan is sent back with."""
    told = [c.words for c in rating.comments.filter(side=Side.SCHOOL, key="").order_by("-is_praise", "id")]
    return "\n".join(told)[:2000]


def _side(rubric: Rubric, marks: dict[str, str], rating: Rating, side: str) -> dict[str, Any]:
    reached: Reached | None = roll_up(rubric, marks, side)
    return {
        "name": Side(side).label,
        "is_school": side == Side.SCHOOL,
        "reached": reached,
        "marks": marked(rubric, rubric.of_side(side), marks),
        "said": said_to(rating, side),
    }


def marked(rubric: Rubric, criteria: tuple[Criterion, ...], marks: dict[str, str]) -> list[dict[str, Any]]:
    """In the rubric's order, what was rated."""
    return [
        {"criterion": one, "level": level}
        for one in criteria
        if (level := rubric.level(marks.get(one.key, ""))) is not None
    ]
