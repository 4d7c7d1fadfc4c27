"""Tags of the register: `{% load duty_tags %}`."""

from django import template

from virtual_school.duties.drawn import counts, marks, row

register = template.Library()
register.simple_tag(marks, name="duty_marks")
register.simple_tag(counts, name="duty_counts")
register.simple_tag(row, name="duty_row")
