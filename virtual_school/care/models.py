"""A child's history in care, as the statutory return (SSDA903) tells it, and what follows from it.

Column names of the return stand in the help texts. All `ends` are the first day no longer counted: the day
an episode ends belongs to the next one.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from virtual_school.authorities.models import days
from virtual_school.children.models import ChildRecord


def in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name=name)


def cannot_overlap(name: str, message: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            (F("authority"), RangeOperators.EQUAL),
            (F("child"), RangeOperators.EQUAL),
            (days(), RangeOperators.OVERLAPS),
        ],
        violation_error_message=message,
    )


class Episode(ChildRecord):
    starts = models.DateField(help_text="DECOM")
    new_reason = models.CharField(max_length=1, help_text="RNE")
    legal_status = models.CharField(max_length=2, help_text="LS")
    need = models.CharField(max_length=2, blank=True, default="", help_text="CIN")
    place = models.CharField(max_length=3, blank=True, default="", help_text="PLACE")
    provider = models.CharField(max_length=3, blank=True, default="", help_text="PLACE_PROVIDER")
    ends = models.DateField(null=True, blank=True, help_text="DEC")
    end_reason = models.CharField(max_length=3, blank=True, default="", help_text="REC")
    change_reason = models.CharField(max_length=6, blank=True, default="", help_text="REASON_PLACE_CHANGE")
    home_postcode = models.CharField(max_length=8, blank=True, default="", help_text="HOME_POST")
    place_postcode = models.CharField(max_length=8, blank=True, default="", help_text="PL_POST")
    home_urn = models.CharField(max_length=9, blank=True, default="", help_text="URN: Ofsted's, of the home or agency")
    place_la = models.CharField(max_length=20, blank=True, default="", help_text="PL_LA, where a case system adds it")
    place_location = models.CharField(max_length=20, blank=True, default="", help_text="PL_LOCATION")
    distance_miles = models.FloatField(null=True, blank=True, help_text="PL_DISTANCE")
    is_emergency = models.BooleanField(null=True, help_text="the return does not say")
    received = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "child", "starts"], name="one_episode_a_start"),
            in_order("episode_in_order"),
        ]


class CarePeriod(ChildRecord):
    """Worked out from the episodes, from coming into care to leaving it."""

    kind = models.CharField(max_length=12, choices={"looked_after": "Looked after", "short_breaks": "Short breaks"})
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        ordering = ["starts"]
        indexes = [
            models.Index(fields=["authority", "child"], name="careperiod_of_child"),
            models.Index(fields=["authority", "kind", "starts"], name="careperiod_began"),
            models.Index(fields=["authority", "ends"], name="careperiod_ended"),
        ]
        constraints = [
            in_order("careperiod_in_order"),
            cannot_overlap("care_periods_cannot_overlap", "The child was already in care on some of these days."),
        ]


class Placement(ChildRecord):
    """Worked out from the episodes: one home with one carer, whatever legal statuses it spans."""

    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=3, blank=True, default="")
    provider = models.CharField(max_length=3, blank=True, default="")
    postcode = models.CharField(max_length=8, blank=True, default="")
    home_urn = models.CharField(max_length=9, blank=True, default="")
    carer = models.TextField(blank=True, default="")
    place_la = models.CharField(max_length=20, blank=True, default="")
    in_area = models.BooleanField(null=True)
    is_emergency = models.BooleanField(null=True)

    class Meta:
        ordering = ["starts"]
        indexes = [
            models.Index(fields=["authority", "child"], name="placement_of_child"),
            models.Index(fields=["authority", "starts"], name="placement_began"),
        ]
        constraints = [
            in_order("placement_in_order"),
            cannot_overlap("placements_cannot_overlap", "The child lived somewhere else on some of these days."),
        ]


class Review(ChildRecord):
    on = models.DateField(help_text="REVIEW")
    code = models.CharField(max_length=3, blank=True, default="", help_text="REVIEW_CODE: how the child took part")

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["authority", "child", "on"], name="one_review_a_day")]


class UnaccompaniedChild(ChildRecord):
    """An unaccompanied asylum-seeking child, until the day that status ends (DUC)."""

    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "child"], name="unaccompanied_once")]


class TwelveMonthOutcomes(ChildRecord):
    """OC2: health and offending of a child twelve months in care, for a collection year (the year it ends)."""

    collection_year = models.PositiveSmallIntegerField()
    sdq_score = models.PositiveSmallIntegerField(null=True, blank=True)
    sdq_reason = models.CharField(max_length=4, blank=True, default="")
    is_convicted = models.BooleanField(null=True)
    has_health_check = models.BooleanField(null=True)
    has_immunisations = models.BooleanField(null=True)
    has_teeth_check = models.BooleanField(null=True)
    has_health_assessment = models.BooleanField(null=True)
    has_substance_misuse = models.BooleanField(null=True)
    was_intervention_received = models.BooleanField(null=True)
    was_intervention_offered = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "child", "collection_year"], name="outcomes_once_a_year")
        ]


class CareLeaverOutcomes(ChildRecord):
    """OC3: a care leaver around a birthday, for a collection year."""

    collection_year = models.PositiveSmallIntegerField()
    in_touch = models.CharField(max_length=4, blank=True, default="")
    activity = models.CharField(max_length=2, blank=True, default="")
    accommodation = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child", "collection_year"], name="leaver_outcomes_once_a_year"
            )
        ]


class Adoption(ChildRecord):
    """AD1."""

    decided_on = models.DateField(null=True, blank=True, help_text="DATE_INT")
    matched_on = models.DateField(null=True, blank=True, help_text="DATE_MATCH")
    was_by_foster_carer = models.BooleanField(null=True, help_text="FOSTER_CARE")
    number_of_adopters = models.CharField(max_length=1, blank=True, default="", help_text="NB_ADOPTR")
    sex_of_adopters = models.CharField(max_length=2, blank=True, default="", help_text="SEX_ADOPTR")
    legal_status_of_adopters = models.CharField(max_length=3, blank=True, default="", help_text="LS_ADOPTR")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "child"], name="adoption_once")]


class AdoptionPlacement(ChildRecord):
    """PlacedAdoption: the decision that a child be placed for adoption, and its end."""

    starts = models.DateField(help_text="DATE_PLACED")
    ends = models.DateField(null=True, blank=True, help_text="DATE_PLACED_CEASED")
    end_reason = models.CharField(max_length=3, blank=True, default="", help_text="REASON_PLACED_CEASED")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "child", "starts"], name="adoption_placement_once")]


class PreviousPermanence(ChildRecord):
    """PrevPerm: whether the child had a permanent home arranged before this period of care."""

    kind = models.CharField(max_length=2, help_text="PREV_PERM")
    authority_of_order = models.CharField(max_length=20, blank=True, default="", help_text="LA_PERM")
    on = models.CharField(max_length=10, blank=True, default="", help_text="DATE_PERM, parts of which may be unknown")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "child"], name="previous_permanence_once")]


class MissingEpisode(ChildRecord):
    kind = models.CharField(max_length=1, choices={"M": "Missing", "A": "Away without authorisation"})
    starts = models.DateField(help_text="MIS_START")
    ends = models.DateField(null=True, blank=True, help_text="MIS_END")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "child", "starts"], name="missing_episode_once")]


class SocialWorkerEpisode(ChildRecord):
    worker_code = models.CharField(max_length=12, help_text="SW_ID")
    starts = models.DateField(help_text="SW_DECOM")
    ends = models.DateField(null=True, blank=True, help_text="SW_DEC")
    reason = models.CharField(max_length=6, blank=True, default="", help_text="SW_REASON")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "child", "starts"], name="social_worker_episode_once")
        ]


class DeprivationOfLiberty(ChildRecord):
    """DoLo: a deprivation of liberty order, in the return from 2026-27."""

    starts = models.DateField(help_text="DOLO_START")
    ends = models.DateField(null=True, blank=True, help_text="DOLO_END")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "child", "starts"], name="deprivation_of_liberty_once")
        ]


class StatutoryReturn(models.Model):
    """That the SSDA903 of a collection year (the year it ends) was loaded here."""

    authority = models.ForeignKey(
        "authorities.Authority", models.CASCADE, db_constraint=False, related_name="statutory_returns"
    )
    collection_year = models.PositiveSmallIntegerField()
    loaded_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "collection_year"], name="one_return_a_year")]
