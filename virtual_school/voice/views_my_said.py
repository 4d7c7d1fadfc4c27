"""You said, we did: what came of what was asked for, on the child's own page."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from .came_of_it import judge
from .models import Ask, Judged, Outcome, Promise, VoiceAnswer
from .my import My, my_page, show
from .rules import standing_of

SAID_OF = {
    "done": "said.did", "made": "said.doing", "under_way": "said.doing", "changed": "said.changed",
    "late": "said.late", "broken": "said.broken", "withdrawn": "said.no",
}  # fmt: skip
YES = (("yes", "said.yes"), ("a_bit", "said.a_bit"), ("no", "said.no_answer"))
SAID_OF_OUTCOME = {"not_now": "said.not_yet", "no": "said.no", "others": "said.someone_else"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ask with its answer. `heading` names the words of its plain state."""

    words: str
    ask: Ask
    heading: str
    told: str
    promise: Promise | None = None
    outcome: Outcome | None = None
    passed_on: str = ""
    judged: str = ""
    is_to_judge: bool = False

    @property
    def field(self) -> str:
        return f"p{self.promise.pk}" if self.promise else f"o{self.outcome.pk if self.outcome else 0}"


def lines_of(my: My) -> list[Line]:
    """Of every cycle, the latest first. A child who came with a code sees what was asked, not the old answers."""
    today = timezone.localdate()
    found = []
    asks = Ask.objects.filter(child=my.entry.child_id).exclude(state=Ask.State.WITHDRAWN).order_by("-cycle", "id")
    for ask in asks.prefetch_related("outcomes", "promises__steps", "promises__judgements"):
        outcome = list(ask.outcomes.all())[-1:]
        words = _words(ask)
        promises = list(ask.promises.all())
        for promise in promises:
            standing = standing_of(promise.state, promise.due_on, today)
            passed = [one.words for one in promise.steps.all() if one.state == "passed_on"]
            said = [one.wanted for one in promise.judgements.all()]
            found.append(
                Line(
                    words=words,
                    ask=ask,
                    heading=SAID_OF[standing],
                    told=promise.words_to_child or promise.what,
                    promise=promise,
                    passed_on=passed[-1] if passed else "",
                    judged=said[-1] if said else "",
                    is_to_judge=promise.state in {Promise.State.DONE, Promise.State.BROKEN}
                    and promise.closed_on is None,
                )
            )
        if outcome and not promises:
            said = list(Judged.objects.filter(outcome=outcome[0]).values_list("wanted", flat=True))
            found.append(
                Line(
                    words=words,
                    ask=ask,
                    heading=SAID_OF_OUTCOME.get(outcome[0].kind, "said.doing"),
                    told=outcome[0].words,
                    outcome=outcome[0],
                    judged=said[-1] if said else "",
                    is_to_judge=not said,
                )
            )
    return found


def _words(ask: Ask) -> str:
    """Of an entry before, only what was shared with everybody in the meeting: the rest stays closed to a new code."""
    answer = VoiceAnswer.objects.filter(pk=ask.answer_id).first()
    return answer.words if answer else ""


@my_page
def you_said(request: HttpRequest, my: My) -> HttpResponse:
    lines = lines_of(my)
    if request.method == "POST":
        for line in lines:
            wanted = request.POST.get(line.field, "")
            if wanted in {"yes", "a_bit", "no"} and line.is_to_judge and wanted != line.judged:
                judge(
                    entry=my.entry,
                    ask=line.ask,
                    wanted=wanted,
                    promise=line.promise,
                    outcome=None if line.promise else line.outcome,
                    more=request.POST.get(f"more_{line.field}", ""),
                )
        return redirect("voice:you_said_sent")
    return show(request, "you_said", my, lines=lines, yes=YES, is_any_to_judge=any(line.is_to_judge for line in lines))


@my_page
def you_said_sent(request: HttpRequest, my: My) -> HttpResponse:
    return show(request, "you_said_sent", my)
