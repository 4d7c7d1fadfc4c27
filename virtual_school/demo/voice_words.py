"""What invented children say of school, by age, and what came of what they asked for."""

GOOD = {
    "young": ("Painting", "Playing in the sand with Amir", "Story time", "My friends"),
    "middle": ("I made a volcano in science.", "Football club", "Reading with Mrs Hill", "My table moved to the front"),
    "older": ("Drama. I got a part.", "Maths makes sense now", "Having lunch in the library", "My new form tutor"),
}
HARD = {
    "young": ("When it is loud", "Lining up", "Carpet time is long"),
    "middle": ("Break time is too loud.", "Fractions", "When people whisper", "Changing for PE"),
    "older": ("Revising when nobody explains it", "People asking where I live", "Getting up for the bus", "French"),
}
NEXT = ("An apprenticeship with cars", "Health and social care", "Art and photography", "I do not know yet")
OLDER = ("A vet", "A builder like my grandad", "I want to run a cafe", "A pilot")
ANY = ("It is OK", "Some days are good", "Better than last term", "I like it when it is quiet")

ASKS: tuple[tuple[str, str, str, str], ...] = (
    ("Break time is too loud.", "Open the library at lunch on Tuesdays", "You can go to the library at lunch on Tuesdays.",
     "The library has no adult free on Tuesdays."),
    ("Can I do art club? It is the same time as my counselling.", "Move counselling to another day",
     "Your counselling is on Wednesday now. You can go to art club on Thursdays.", "We could not move it this term."),
    ("I want to see my brother’s school play.", "Ask for two seats at the play", "There are two seats for you on the 14th.",
     "The play had no seats left this year."),
    ("I need a laptop that works.", "Lend a laptop from the virtual school", "Your laptop is at school, in the office.",
     "The laptop did not come. We have asked again."),
    ("Can somebody help me with maths, not in front of others?", "A tutor once a week, after school",
     "Your tutor comes on Mondays at half past three.", "No tutor was found for Mondays."),
    ("Please tell me before my timetable changes.", "Say the day before, in form time, what changes",
     "Your form tutor tells you the day before.", "We forgot to tell you on two days."),
    ("I want to sit with Amir.", "Change the seats after half term", "You sit next to Amir now.", "The seats are not changed."),
    ("I want to do my food exam at school, not miss it for my review.", "Move the review to after school",
     "Your review is after school now.", "The review could not be moved."),
)  # fmt: skip
"""What is asked; what is promised; what the child is told when it is done; and when it is not kept."""

NOT_NOW = ("There is no adult free at lunch. We look again after the holiday.", "The room is being mended.")
NO = ("The school trip is full this year. You are first on the list next year.",)
READINGS = (
    "She says less about friends than last time. I think lunch may be when she is alone.",
    "This may be about the new seating, not about the lesson.",
)
CARER = (
    ("c.well", "He talks about science at tea now."),
    ("c.home", "Homework on paper gets lost between the two bags."),
)

SEEN = (
    {
        "where": "Just after ten, free play indoors, four children in the room",
        "saw": "Went to the water table three times. Pulled a chair up to it. Cried for a minute when it was closed.",
        "means": "Water play is where this child feels well.",
        "else": "The corner with the water is also the quietest one.",
        "sure": "It is likely",
        "agree": "The key person agrees.",
        "told": "Shown the card for water play, and the jug.",
    },
    {
        "where": "After lunch, in the garden, with two adults",
        "saw": "Held on to my sleeve at the gate. Let go when the swing was free.",
        "means": "The gate is hard, the swing is not.",
        "else": "Could have been tired after lunch.",
        "sure": "It is a guess",
        "agree": "The key person has not seen it before.",
        "told": "Named it: gate, then swing.",
    },
)
"""Sheets of what adults saw of a child too young to be asked."""

CLUBS = (
    "Art club", "Chess club", "Choir", "Coding club", "Cooking club", "Dance", "Drama club", "Football", "Gardening",
    "Lego club", "Netball", "Reading club",
)  # fmt: skip
