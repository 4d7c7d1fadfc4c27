"""`{% load access_tags %}`: what the sign-in page needs beside allauth's own."""

from django import template

from virtual_school.access.demo_mode import DemoRole, people_to_play

register = template.Library()


@register.simple_tag
def demo_roles() -> list[DemoRole]:
    return people_to_play()
