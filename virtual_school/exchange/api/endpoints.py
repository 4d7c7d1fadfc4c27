"""The addresses under /api/v1/."""

import json
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, NinjaAPI, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from virtual_school.attendance.told import sums_of_children
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.exchange.models_api import ApiToken, Verb

from . import once
from .problems import PROBLEM_JSON, Problem, problem
from .schema import MOST_MARKS, Marks, ProblemTold, SumsTold, Taken
from .taking import NothingKept, counts, take

LONGEST = timedelta(days=366)
JSON = "application/json"
DESCRIPTION = (
    "Attendance marks of pupils in care, from the systems of schools and authorities. "
    "A token is made by the authority, on its page “Systems that send marks”."
)


class Token(HttpBearer):
    """Which token it is was found out before (`middleware.py`), since the transaction acts for it."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return request.token  # type: ignore[attr-defined]


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != JSON or request.headers.get("Content-Encoding", "identity") != "identity":
            raise Problem(415, f"Send {JSON}, not compressed.")
        if (request.content_params or {}).get("charset", "utf-8").lower() != "utf-8":
            raise Problem(415, "Send UTF-8.")
        try:
            return json.loads(request.body)
        except (ValueError, RecursionError) as wrong:
            raise Problem(400, "The body is not JSON.") from wrong


class Signed:
    """For a person who looks at the description: signed in with all their steps."""

    def __call__(self, request: HttpRequest) -> bool:
        person = request.person  # type: ignore[attr-defined]
        return person is not None and (person.is_second_factor_given or not person.needs_second_factor)


api = NinjaAPI(
    title="Virtual School",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=Token(),
    parser=JsonParser(),
)
ERRORS = dict.fromkeys((400, 401, 403, 409, 413, 415, 422, 429), ProblemTold)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problem(error.status, error.detail, **error.more)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The library wraps what its parser raises."""
    cause = error.__cause__
    return _problem(request, cause) if isinstance(cause, Problem) else problem(error.status_code)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, f"A call has at most 2 MB and {MOST_MARKS:,} rows. Send several.")


@api.exception_handler(ValidationError)
def _not_right(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Says where, and in our words why: never what stood there."""
    where = [
        ".".join(str(part) for part in one["loc"] if part not in ("body", "given", "query")) for one in error.errors
    ]
    return problem(422, f"This is missing or not right: {', '.join(dict.fromkeys(where)) or 'the body'}."[:400])


def _token(request: HttpRequest, verb: str) -> ApiToken:
    token: ApiToken = request.token  # type: ignore[attr-defined]
    if verb not in token.verbs:
        raise Problem(403, f"This token does not give {verb}.")
    return token


@api.post(
    "/attendance",
    response={200: Taken, **ERRORS},
    url_name="attendance",
    operation_id="send_marks",
    summary="Send marks",
)
def send_marks(
    request: HttpRequest,
    given: Marks,
    idempotency_key: Annotated[
        str | None, Header(alias="Idempotency-Key", description="Of your own making; kept 7 days", max_length=255)
    ] = None,
) -> HttpResponse:
    """Every row is answered. Rows that are right are kept beside others that are refused, unless `all_or_nothing`.
    The same marks sent again change nothing."""
    token = _token(request, Verb.WRITE)
    if len(given.marks) > MOST_MARKS:
        raise Problem(413, f"A call has at most {MOST_MARKS:,} rows. Send several.")
    claimed: int | None = None
    if idempotency_key is not None:
        found = once.claim(token, idempotency_key, request.body)
        if isinstance(found, bytes):
            response = HttpResponse(found, content_type=JSON)
            response["Idempotency-Replayed"] = "true"
            return response
        claimed = found
    try:
        rows = take(token, given.marks, timezone.localdate(), all_or_nothing=given.all_or_nothing)
    except NothingKept as nothing:
        detail = f"{len(nothing.rows):,} of {len(given.marks):,} rows were refused, so nothing was kept."
        raise Problem(422, detail, rows=nothing.rows) from nothing
    answer = json.dumps({"counts": counts(rows), "rows": rows}, ensure_ascii=False).encode()
    if claimed is not None:
        once.keep(claimed, answer)
    return HttpResponse(answer, content_type=JSON)


@api.get(
    "/attendance",
    response={200: SumsTold, **ERRORS},
    url_name="attendance",
    operation_id="read_sums",
    summary="Sums by child",
)
def read_sums(
    request: HttpRequest, first: Annotated[date, Query(alias="from")], last: Annotated[date, Query(alias="to")]
) -> HttpResponse:
    """Of children with a mark between two days, both included; a year at most."""
    token = _token(request, Verb.READ)
    if last < first or last - first > LONGEST:
        raise Problem(422, "to is not before from, and they are a year apart at most.")
    rows = sums_of_children(Authority.objects.get(code=token.authority_id), first, last)
    record("attendance.read", by=None, authority=token.authority_id, token=str(token.public_id), children=len(rows))
    told = {"authority": token.authority_id, "from": first.isoformat(), "to": last.isoformat(), "children": rows}
    return HttpResponse(json.dumps(told), content_type=JSON)


@api.get("/openapi.json", auth=[Token(), Signed()], include_in_schema=False, url_name="openapi")
def describe(request: HttpRequest) -> HttpResponse:
    """For those who have a token or have signed in: strangers learn nothing of what there is."""
    return HttpResponse(_description(), content_type=JSON)


@cache
def _description() -> str:
    told = api.get_openapi_schema(path_prefix="api/v1/")
    for path in told["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and JSON in answer.get("content", {}):
                    answer["content"] = {PROBLEM_JSON: answer["content"].pop(JSON)}
    return json.dumps(told)


# The root, which the library adds, has nothing to tell. The check of who calls is the API's own.
urlpatterns = [one for one in api.urls[0] if one.name != "api-root"]
for one in urlpatterns:
    one.callback.login_required = False  # type: ignore[attr-defined, union-attr]
