"""Each part of the way of a plan has addresses of its own."""

from importlib import import_module
from importlib.util import find_spec

app_name = "plans"
PARTS = ("urls_writing", "urls_meeting", "urls_closing", "urls_settings", "urls_own_plan")
urlpatterns = [
    pattern
    for part in PARTS
    if find_spec(f"virtual_school.plans.{part}")
    for pattern in import_module(f"virtual_school.plans.{part}").urlpatterns
]
