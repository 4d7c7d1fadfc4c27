"""The numbers the law and the guidance set, each beside its citation (register of duties, 1.3).

A number a council may choose is policy and is not here. A day count's day 0 is the day of the event.
"""

# Care plan, placement and review (Care Planning, Placement and Case Review (England) Regulations 2010)

CARE_PLAN_WORKING_DAYS = 10
"""REV-01: from the start of the first placement, where not made before it. Reg 4(2)."""

PLACEMENT_PLAN_WORKING_DAYS = 5
"""REV-02: from the start of the placement, where not made before it. Reg 9."""

FIRST_REVIEW_WORKING_DAYS = 20
"""REV-03: from the day the child becomes looked after. Reg 33(1)."""

SECOND_REVIEW_MONTHS = 3
"""REV-04: from the first review. Reg 33(2)."""

LATER_REVIEW_MONTHS = 6
"""REV-05: from the previous review. Reg 33(2)."""

SHORT_BREAKS_FIRST_REVIEW_MONTHS = 3
"""REV-03: from the start of the first placement in a series of short breaks. Reg 48(3)(d)(i)."""

SHORT_BREAKS_LATER_REVIEW_MONTHS = 6
"""REV-04: between later reviews in a series of short breaks. Reg 48(3)(d)."""

REVIEW_ADJOURNMENT_WORKING_DAYS = 20
"""REV-14: the longest one adjournment of a review. Reg 36(2)."""

EMERGENCY_PLACEMENT_NOTICE_WORKING_DAYS = 5
"""REV-09: from the start of a placement made in an emergency; any other is notified before. Reg 13."""

PLACEMENT_END_NOTICE_WORKING_DAYS = 10
"""REV-13: from the end of the placement, where notice before was not practicable. Reg 14."""

APPROVAL_TO_END_CARE_AFTER_WORKING_DAYS = 20
"""REV-11: looked after this long, ending care needs the nominated officer's approval. Reg 39."""

SHORT_BREAK_LONGEST_DAYS = 17
"""No single stay in a series of short breaks is meant to last longer. Reg 48."""

SHORT_BREAKS_DAYS_IN_TWELVE_MONTHS = 75
"""A series of short breaks comes to no more than this. Reg 48."""

# Personal education plan (Promoting the education of looked-after children, 2018)

PEP_INITIATE_EMERGENCY_WORKING_DAYS = 10
"""PEP-02: from the start of the placement, emergency entry only; planned: by day 0. Guidance of 2018, p16."""

PEP_REVIEWS_EACH_SCHOOL_TERM = 1
"""PEP-08: at least this many in each of the three terms. Guidance of 2018, p16 to 18."""

PEP_UNTIL_BIRTHDAY = 18
"""PEP-17: the plan stops at the 18th birthday. Guidance of 2018, p14."""

# Securing education

NEW_EDUCATION_SCHOOL_DAYS = 20
"""SCH-04 and UAS-02: from the start of an emergency placement. Guidance of 2018, p11."""

IN_YEAR_ADMISSION_REPLY_SCHOOL_DAYS = 15
"""ADM-05: from receiving the application; aim for 10. School Admissions Code 2021, section 2."""

IN_YEAR_ADMISSION_REPLY_AIM_SCHOOL_DAYS = 10
"""ADM-05: see above."""

DIRECTION_CONSULT_DAYS = 7
"""ADM-03: for representations, then again for referral to the adjudicator. SSFA 1998 ss97B-97C."""

# Attendance (School Attendance (Pupil Registration) (England) Regulations 2024)

REASON_NOT_YET_KNOWN_SCHOOL_DAYS = 5
"""ATT-04: from the session, by which code N is replaced. Reg 10(7)-(9)."""

NEW_PUPIL_RETURN_DAYS = 5
"""ATT-09: from entry on the roll. Reg 13(1)-(3)."""

ATTENDANCE_RETURN_SCHOOL_DAYS = 10
"""ATT-11: absent this long running, coded only G, N, O or U. Reg 13(7)-(8)."""

SICKNESS_RETURN_SCHOOL_DAYS = 15
"""ATT-12: running, or in total in the school year, coded I. Reg 13(9)-(11)."""

PENALTY_THRESHOLD_SESSIONS = 10
"""ATT-14: coded G, N, O or U; a notice must then be considered, never made by itself. SI 2024/210."""

PENALTY_WINDOW_SCHOOL_WEEKS = 10
"""ATT-14: see above."""

PERSISTENT_ABSENCE_PER_CENT = 10
"""ATT-05: of the pupil's own possible sessions, at or above."""

SEVERE_ABSENCE_PER_CENT = 50
"""ATT-06: of the pupil's own possible sessions, at or above."""

REGISTER_RETENTION_YEARS = 6
"""ATT-02: from the entry. Regs 5(3), 6, 7."""

# Suspension and permanent exclusion

EXCLUSION_EDUCATION_FROM_SCHOOL_DAY = 6
"""EXC-06: a suspension's first day is day 1; a permanent exclusion's is day 0. SI 2007/1870 regs 3-4."""

EXCLUSION_EDUCATION_AIM_SCHOOL_DAY = 1
"""EXC-06: what the guidance asks for a looked-after child."""

REINSTATEMENT_MEETING_SCHOOL_DAYS = 15
"""EXC-08: permanent, or over 15 days in the term. SI 2012/1033 reg 6."""

REINSTATEMENT_MEETING_SHORTER_SCHOOL_DAYS = 50
"""EXC-08: over 5 to 15 days in the term, when the parent makes representations. SI 2012/1033 reg 6."""

RECONSIDER_AFTER_PANEL_SCHOOL_DAYS = 10
"""EXC-14: from notice of the panel's decision. SI 2012/1033 reg 8."""

SUSPENSION_CAP_SCHOOL_DAYS = 45
"""EXC-09: in a school year; a lunchtime counts half a day. SI 2012/1033 regs 2(2), 4, 13."""

# Pupil records

COMMON_TRANSFER_FILE_SCHOOL_DAYS = 15
"""INF-05 and DT-11: from leaving the roll. SI 2005/1437 reg 9."""

PARENT_RECORD_ACCESS_SCHOOL_DAYS = 15
"""INF-08: from a written request. SI 2005/1437 reg 5."""

CASE_RECORD_UNTIL_BIRTHDAY = 75
"""INF-07: or 15 years after a death under 18. SI 2010/959 regs 49-50."""

CASE_RECORD_YEARS_AFTER_DEATH = 15
"""INF-07: see above."""

# Special educational needs (SI 2014/1530)

EHC_DECIDE_TO_ASSESS_WEEKS = 6
"""SEN-03: from the request. Reg 5(1)."""

EHC_NO_PLAN_WEEKS = 16
"""SEN-03: from the request. Reg 10(1)."""

EHC_FINAL_PLAN_WEEKS = 20
"""SEN-03: from the request. Reg 13."""

EHC_REVIEW_MONTHS = 12
"""SEN-04: from the plan, then from the last review. Children and Families Act 2014 s44(1)."""

EHC_REVIEW_DECISION_WEEKS = 4
"""SEN-04: from the review meeting. Reg 20(10)."""

EHC_MOVE_WORKING_DAYS = 15
"""SEN-06: from learning of the move. Reg 15."""

# Health

SDQ_FROM_AGE, SDQ_TO_AGE = 4, 16
"""HEA-01: both ages included, at the day of the assessment. Guide to the looked-after children return."""

SDQ_LOOKED_AFTER_MONTHS = 12
"""HEA-01: looked after this long without a break at 31 March."""

SDQ_HIGHEST_SCORE = 40
"""HEA-01: total difficulties run from 0 to 40."""

SDQ_BORDERLINE_FROM, SDQ_CONCERN_FROM = 14, 17
"""HEA-03: 0 to 13 normal, 14 to 16 borderline, 17 to 40 concern. Statistical practice, not law."""

# Pupil premium plus

PUPIL_PREMIUM_FROM_AGE, PUPIL_PREMIUM_TO_AGE = 4, 15
"""PPP-05: both ages included, at 31 August before; one day looked after is enough."""

# Post-16 (Children Act 1989, Sch 2 para 19B; SI 2010/959; SI 2010/2571)

ELIGIBLE_CHILD_WEEKS = 13
"""P16-01: looked after this long in all since 14, some of it after 16. Reg 40."""

ELIGIBLE_CHILD_SINCE_AGE = 14
"""P16-01: see above."""

ELIGIBLE_CHILD_FROM_AGE = 16
"""P16-01: see above."""

PATHWAY_ASSESSMENT_MONTHS = 3
"""P16-02 and P16-04: from turning 16 or becoming eligible or relevant. Reg 42(1)-(2)."""

PATHWAY_REVIEW_MONTHS = 6
"""P16-04 and P16-05: the longest between reviews. SI 2010/2571 reg 7(2)."""

PATHWAY_FIRST_REVIEW_IN_LA_ACCOMMODATION_DAYS = 28
"""P16-05: where the authority provides accommodation. SI 2010/2571 reg 7(3)."""

PATHWAY_REVIEW_IN_LA_ACCOMMODATION_MONTHS = 3
"""P16-05: the longest between reviews after the first. SI 2010/2571 reg 7(3)."""

FORMER_RELEVANT_UNTIL_AGE = 21
"""P16-05: and past it while the plan's education or training lasts. Children Act 1989 s23C."""

LIVING_WITH_PARENT_MONTHS = 6
"""P16-04: lived this long with a parent, a child is no longer a relevant child. SI 2010/2571 reg 3(5)-(6)."""

CARE_LEAVER_OFFER_MONTHS = 12
"""P16-06: the longest between offers of support from 21. Children Act 1989 s23CZB."""

CARE_LEAVER_OFFER_UNTIL_AGE = 25
"""P16-06: see above."""

PARTICIPATION_UNTIL_BIRTHDAY = 18
"""P16-12: Education and Skills Act 2008 ss1-2."""

HIGHER_EDUCATION_BURSARY_POUNDS = 2000
"""P16-09: SI 2009/2274."""

BURSARY_16_TO_19_POUNDS = 1200
"""P16-08: at most, a year. 16-19 Bursary Fund guide 2025-26."""

APPRENTICESHIP_BURSARY_POUNDS = 3000
"""P16-10: once only."""

# Custody

REMAND_LA_ACCOMMODATION_PLANS_WORKING_DAYS = 5
"""CUS-05: from remand to local authority accommodation. SI 2010/959 regs 47B(2)(a), 47C(3)."""

DETENTION_PLACEMENT_PLAN_WORKING_DAYS = 10
"""CUS-02: from remand to youth detention. SI 2010/959 reg 47C(2)."""
