"""What invented people write in plans: good and poor, about children of different ages. Nobody real said any of it.

{n} is the child's name, {p} his, her or their; the others are drawn for each child from the lists at the end.
"""

Bank = dict[str, tuple[str, ...]]

YOUNG: Bank = {
    "progress.strengths": (
        "{n} builds long train tracks and tells the grown-ups where each one goes.",
        "{n} knows every song at circle time and leads the actions.",
        "Loves the mud kitchen. {n} stayed with one game for twenty minutes this week.",
        "{n} is kind to the smaller children and fetches their coats.",
    ),
    "progress.achievements": (
        "{n} put on {p} own shoes for the first time in October.",
        "Now says three or four words together, and asks for things by name.",
        "{n} stayed for lunch every day this half term.",
    ),
    "progress.barriers": (
        "Loud noises and changes of adult. {n} hides under the table when the hall is busy.",
        "Few words yet, so {n} pushes when another child takes something.",
        "Tired in the mornings.",
    ),
    "needs.now": (
        "{n} needs to hear and use new words in play, ten minutes a day with one adult.",
        "To learn to wait for a turn with one other child, and to be told what comes next.",
    ),
    "hopes.aim": ("I want to drive the big digger.", "Be a cat.", "I like painting. I want my own paints."),
    "voice.changes": (
        "{n} points to the garden first, so the day now begins outside.",
        "{n} chose the red mat, so it is {p} place at story time.",
    ),
}
PRIMARY: Bank = {
    "progress.strengths": (
        "{n} enjoys {subject} and explains {p} thinking well to the table.",
        "{n} reads {book} at every spare moment and tells others about it.",
        "Very good at {hobby}. {n} taught a friend how to begin.",
        "{n} notices when somebody is left out at playtime, and asks them to join.",
        "Careful drawing, and real pride in finished work.",
    ),
    "progress.achievements": (
        "Finished {book}, the first whole chapter book {n} has read alone.",
        "{n} was class reporter for the trip to the wetlands and read the piece in assembly.",
        "Moved up a group in times tables in the second week of term.",
        "Swam a width. The certificate is in the hall at home.",
        "{n} stayed in the room for every {subject} lesson since half term.",
    ),
    "progress.barriers": (
        "{n} stops writing as soon as a word is hard to spell, and rubs the line out.",
        "Mornings after family time are hard. {n} needs ten minutes with {adult} before lessons.",
        "Gaps from the two schools before: {n} missed most of fractions.",
        "Finds it hard to sit by the door, and watches who comes in.",
        "Concentration.",
    ),
    "needs.now": (
        "{n} needs to read words of two syllables without guessing from the first letter.",
        "To write three sentences on {p} own, using a word mat, four days in five.",
        "To know the number bonds to twenty by heart, so that column methods do not break down.",
        "A safe way to leave the room and come back, known to every adult.",
    ),
    "hopes.aim": (
        "I want to be a vet because I am good with the dog.",
        "A footballer, or if not then I'd do lorries like my uncle.",
        "I want to get better at spelling so I can write my own comic.",
        "To stay at this school until Year 6. I don't want to move again.",
        "I want to do {hobby} every day and be the best.",
        "Get good at {subject}. And have a dog.",
        "dont know yet",
    ),
    "voice.changes": (
        "{n} said reading aloud to the class is scary, so {adult} hears {o} alone on Tuesdays and Thursdays.",
        "{n} asked to sit near a friend, so the places change after half term.",
        "{n} wanted to start with what went well, so the meeting began with the work {n} chose.",
        "{n} asked why the meeting takes so long. It is now half an hour, and the adults meet after.",
    ),
}
SECONDARY: Bank = {
    "progress.strengths": (
        "{n} is strongest in {subject}: the last assessment was well above the set's average.",
        "Talks confidently about ideas, and asks the question others were afraid to ask.",
        "{n} gives time to {hobby} and has begun to coach younger pupils.",
        "Practical work. In {subject} {n} finishes first and helps clear up without being asked.",
        "Loyal to friends, and funny.",
    ),
    "progress.achievements": (
        "Four merits in {subject} since September, and no detentions since half term.",
        "{n} finished the bronze expedition in the rain and carried the tent.",
        "Read {book} for pleasure and wrote a review for the library.",
        "{n} spoke at the school council about homework for pupils who travel far.",
        "First full week in every lesson since the move.",
    ),
    "progress.barriers": (
        "{n} misses the start of {subject} twice a week and then does not know the task.",
        "Homework at the placement: no quiet place until seven in the evening.",
        "Reads well below age, and hides it with jokes. Texts in {subject} are too long for {o}.",
        "Worry about family time on Thursdays shows all day on Wednesday.",
        "Changes of teacher in {subject}: three since Easter.",
        "Attitude.",
    ),
    "needs.now": (
        "{n} needs to read a page of a {subject} text and say its main point without help.",
        "To catch up eight weeks of missed {subject}, one hour a week with the same tutor.",
        "A plan for the ten minutes before {subject}: where to go, who is there, when to go in.",
        "To hand in homework in two subjects out of three each week.",
    ),
    "hopes.aim": (
        "I want to be an electrician, my carer knows someone who might let me come along for a day.",
        "Something with animals. Not a vet, it's too long.",
        "To get my maths and English so nobody can tell me no.",
        "Make music and get paid. I've got six tracks already.",
        "Paramedic. They were good to me when it mattered.",
        "I just want to be left alone to get on with it.",
        "A job with {subject} in it, I don't know which yet.",
        "Coach {hobby} one day. My coach did it from nothing.",
        "To get a good grade in {subject} because {adult} says I can.",
    ),
    "voice.changes": (
        "{n} said being taken out of {subject} for sessions is embarrassing, so they move to registration.",
        "{n} asked for one adult to talk to and not five. {adult} is that person from Monday.",
        "You said the report card makes it worse, so we stop it and look again on the last day of term.",
        "{n} wanted to drop a language. That cannot be done this year; {adult} has explained why.",
    ),
}
OLDER: Bank = {
    "progress.strengths": (
        "{n} is punctual and well liked on the course; the tutor would offer {o} a reference now.",
        "Practical sessions: {n} explains each step to others before they start.",
        "{n} keeps a budget and cooks three evenings a week.",
        "Persistent. Two rejections, and {n} rang the third employer the same afternoon.",
    ),
    "progress.achievements": (
        "Passed functional skills English at level 1 in the summer.",
        "{n} finished two weeks of work experience at a garage and was asked back.",
        "Food hygiene certificate, and a first wage slip.",
        "Attendance above ninety per cent for the first half term.",
    ),
    "progress.barriers": (
        "The bus: two changes, and the second is often late.",
        "Money worries at the end of the month.",
        "{n} does not ask for help until it is nearly too late.",
        "Waiting for papers makes it hard for {n} to think about next year.",
    ),
    "needs.now": (
        "{n} needs one named person at college who notices a missed morning the same day.",
        "To retake mathematics with two hours of tuition a week.",
        "Help to write an application in {p} own words, and to practise an interview twice.",
    ),
    "hopes.aim": (
        "I want to finish level 2 and get an apprenticeship, plumbing if there is one.",
        "My own flat and a job where I am not on nights.",
        "University. Nobody in my family has gone. I want to do it and see.",
        "Improve my English so I can study to be a nurse.",
        "Not sure. Maybe the army. Maybe cooking.",
        "To get paid for {subject}, then rent my own place.",
    ),
    "voice.changes": (
        "{n} asked to have the meeting at college and not at the council, so it was.",
        "You said texts are better than letters, so {adult} texts on Fridays.",
        "{n} wants to change course at Christmas. {adult} has asked for a taster day.",
    ),
}
ANY_AGE: Bank = {
    "care.changes_ahead": (
        "None planned.", "None planned.",
        "Family time changes to Saturdays from next month, so that school days stay as they are.",
        "The social worker changes after Christmas. {n} knows, and will meet the new one first at home.",
        "The long-term match goes to panel this term. {n} stays at the same school whatever is decided.",
        "Respite one weekend a month begins; the carer drives {n} to school on the Monday.",
    ),
    "permissions.day_to_day": (
        "The carer, for trips, photographs inside school and first aid. Overnight trips: the social worker.",
        "The carer for everything but residentials.",
        "The social worker, until the delegation form is signed.",
    ),
    "wellbeing.wellbeing": (
        "More settled than last term. {n} sleeps better, and goes to {adult} when worried.",
        "Up and down. Days before family time are hard, days after it harder. Five minutes with {adult} help.",
        "{n} has begun sessions with the therapist on Tuesdays and comes back to school calm.",
        "Fine.",
        "A low mood since the change of placement. {n} laughs again in {subject}.",
        "No concerns reported by the carer or school this term.",
    ),
    "wellbeing.sdq_strategies": (
        "Tell {n} beforehand of any change; a quiet start with {adult}; choices of two. All staff have this on one page.",
        "A card to leave the room, {adult} checks in at nine and at two, and praise is given quietly.",
        "Staff to be aware.",
    ),
    "education.reduced": (
        "Four mornings until the end of half term, agreed with the carer and the social worker; looked at each Friday.",
    ),
    "education.in_place": (
        "Three reading sessions a week with {adult} since September; two months of progress so far.",
        "Check-in each morning with {adult}, and a place in the quiet room at lunch. Used less each week.",
        "One hour of tuition in {subject} on Wednesdays. Attended nine of ten, and homework is up to date.",
        "As last term.",
        "Small group for {subject}, four pupils, twice a week. {n} speaks there.",
        "Nothing extra at present: {n} does not need it, and would say so.",
    ),
    "education.key_adult": ("{adult}; when away, the head of year.", "{adult}, and the form tutor.", "{adult}"),
    "no_school.why": ("The place ended with the move of home. An application went to the nearest school within a week.",),
    "no_school.seen_by": ("The tutor at the library four mornings a week; the adviser every Friday.",),
    "no_school.by_when": ("By the first day after the holiday. If not, the council directs a school to admit.",),
    "sen.needs": (
        "Speech and language: {n} needs instructions one at a time, and time to answer.",
        "Social and emotional needs: {n} leaves the room when a task feels impossible.",
        "Working memory. In class it looks like not listening; it is not.",
    ),
    "sen.plan": ("None", "None", "Support plan, kept by the special needs coordinator.", "Education, health and care plan, in the school's file."),
    "sen.outcomes": ("The first target serves the outcome on understanding spoken language.",),
    "attendance.pattern": ("Mondays, and the day after family time. {n} says mornings are rushed.", "Odd days since the move: the taxi."),
    "attendance.plan": ("{adult} meets {n} at the gate on Mondays from next week; the carer texts by eight if there is trouble.",),
    "attendance.conduct": (
        "Calm in lessons. Two arguments at lunch, both made up the same day.",
        "Good. Polite to staff and kind to younger pupils.",
        "Hard in {subject} after lunch: {n} talks over others. Sitting at the front has helped.",
        "Very good this term, no incidents.",
        "Fine.",
        "Better than last term: four removals before half term, one since.",
    ),
    "attendance.after_suspension": ("Work was set and marked from the first day; {adult} met {n} and the carer on return.",),
    "attainment.expected": (
        "Pre-teaching of the week's words in {subject}, and feedback in the lesson itself.",
        "A tutor for {subject}, ten sessions, with the class teacher choosing what is taught.",
        "Being here every day. {n} makes good progress when in lessons.",
        "Short steps with a check after each; {n} does the last one alone.",
        "Quality first teaching.",
    ),
    "interests.leisure": (
        "{hobby}, and the dog at home. Two good friends in the same class.",
        "{n} spends most weekends on {hobby} with a friend from school.",
        "Drawing, films and {hobby}.",
        "Cooking with the carer on Sundays; {hobby} when it is dry.",
    ),
    "interests.clubs": (
        "{hobby} on Thursdays after school, every week.",
        "None yet. {n} would like {hobby}; the carer asks about it before half term.",
        "Homework club twice a week and {hobby} in the holidays.",
        "Youth club on Fridays.",
    ),
    "voice.try_next": ("{adult} asks again after half term, on a walk and not at a table.",),
    "careers.advice": (
        "Met the careers adviser on her October visit; talked about pay on apprenticeships. A college visit follows.",
        "One interview in school. {n} wants to see a workplace before deciding.",
        "Not yet this term: booked for next month with {adult}.",
    ),
    "careers.risk": ("Low: an offer is likely and {n} wants to go.", "Some: {n} has missed two interviews. {adult} goes along to the next."),
    "carer.home": (
        "Comes home talking about {subject}, which is new.",
        "Quiet on Wednesdays. Otherwise happy, and shows us what was done.",
        "Says school is boring, but is up before the alarm.",
        "Tired. We have moved bedtime and it is helping.",
        "ok",
    ),
    "carer.part": (
        "We read together for fifteen minutes before bed, five nights a week.",
        "I drive to {hobby} on Thursdays and check the homework app on Sundays.",
        "A desk in the bedroom from next week, and phones downstairs after eight.",
        "Will support.",
        "We go to the library on the first Saturday of the month.",
    ),
    "parents.views": ("Mum is proud of the reading and wants {n} to stay at this school.", "Dad asks for more mathematics."),
    "parents.why_not": ("It is not safe for {n} that plans are shared. The social worker has told them how school is going.",),
    "last_targets.worked": (
        "The daily ten minutes with {adult}: same time, same place. It should go on.",
        "Tuition at school and not at home. {n} attended all but one.",
        "Choosing the book. When {n} chose, {n} read.",
        "Targets were worked towards.",
        "Meeting at the gate. No late marks since.",
    ),
    "needs.later": (
        "To stay at one school and to leave it with qualifications that open a door.",
        "To trust adults at school with what is hard, before it becomes too much.",
        "Confidence as a reader, for every other subject.",
        "A steady circle of friends outside the placement.",
    ),
    "needs.catching_up": (
        "About a year behind in {subject}. Short daily sessions have closed three months since Easter.",
        "Not behind.",
        "Behind in writing by two terms; the programme runs until the summer and is measured each half term.",
        "Gaps in {subject} from the move: the tutor works through the list from the last school.",
    ),
    "pupil_premium.backs": (
        "Pays for the tutor in the first target. The rest is part of what school does for every pupil.",
        "The second target: twelve weeks of {hobby} lessons and the travel to them.",
        "None asked for this term: the support in place is enough, and is already paid for.",
        "General support.",
    ),
    "changes.planned": (
        "None planned.", "None planned.",
        "A new teacher in {subject} from January; {n} meets her before the holiday.",
        "Building work moves the quiet room. {adult} shows {n} the new one the week before.",
    ),
    "transition.from_to": ("To the next stage in September.", "From this school to the one that is offered, on the first day of term."),
    "transition.steps": (
        "Two visits in the summer term, a photograph book, and a meeting of both designated teachers in May.",
        "Open evening in October with the carer; application in by the closing date; {adult} goes along.",
    ),
    "social_worker_view.right_place": (
        "Yes. {n} is known and liked here, and makes progress; I see it in the books and in how {n} talks.",
        "Yes for now. If the placement changes, this school should be kept.",
        "Not sure. The class is large, and the special needs assessment should tell us by next term.",
        "Yes.",
    ),
    "meeting.child_why_not": ("{n} chose not to come and gave {adult} a list to read out.", "{n} was at a lesson {n} did not want to miss."),
    "meeting.summary": (
        "Began with what {n} chose to show. Agreed that mornings are better; targets follow from reading. Money agreed.",
        "Good term. Talked about {subject} and what gets in the way. Two targets, one of them {n}'s own.",
        "Progress is slower than hoped in {subject}. The tutor stays the same and the time moves.",
        "Attendance, health and progress discussed. Actions agreed.",
        "Most of the time went on the move of home and how school stays the same. {n} said what would help.",
    ),
    "evidence.record": (
        "{n} showed the whole class how {hobby} works, and they clapped.",
        "The term {n} learned to ask for help before it was too late.",
        "{n} finished {book} and asked for the next one the same day.",
        "A steady term.",
        "On sports day {n} ran the relay with three friends and came last, laughing.",
    ),
    "status.checked": ("Seen at college by the personal adviser this month.", "Confirmed by the tutor by telephone."),
    "status.arrangements": ("Three days of college, one of work experience, and a study day at home.", "Looking for work; meets the adviser weekly."),
    "course.leads_to": ("Level 3 next year, then an apprenticeship.", "Work in care or nursing, by way of the access course."),
    "seeking.next_offer": ("A four-week taster at the college, from the first Monday of next month.",),
    "seeking.barriers": ("Sleep, and travel before ten in the morning.", "No qualification in mathematics yet."),
    "next_step.advice": ("Careers talk at college; the adviser explained bursaries, pay and student finance.",),
    "custody.release": ("A college place is held; the education lead and the virtual school speak each fortnight.",),
    "qualifications.english_maths": (
        "Both are entered. Mathematics needs the tuition to go on until May.",
        "English secure; mathematics at functional skills for now.",
    ),
    "qualifications.suitable": ("Yes: a mix of examined and practical courses that {n} chose.", "One course too many; {n} may drop one at Christmas."),
    "setting.good_enough": ("Yes. The setting is calm, rated good, and {n} has had the same key person all year.",),
    "unaccompanied.schooling": ("Four years of primary school at home, then work. No school for two years of travel.",),
    "unaccompanied.english_help": ("Six hours a week in school, and an evening class at the college on Mondays.",),
    "attendance_after_16.conduct": ("Good with staff and on time since half term.", "Late after lunch on most days."),
}  # fmt: skip
BY_PHASE = {"early_years": YOUNG, "primary": PRIMARY, "post_16": OLDER}

TARGETS: dict[str, tuple[tuple[str, str, str, str, str, str], ...]] = {
    "early_years": (
        ("language", "{n} asks for what {n} wants in three words", "Ten minutes of shared play with {adult} each morning, naming things", "Two words together", "Counted in play once a week", "Three words, five times in a session"),
        ("social", "{n} takes turns with one other child", "A game for two with {adult}, three times a week", "Leaves after one turn", "Turns counted by the key person", "Four turns each"),
        ("wellbeing", "{n} says goodbye at the door without tears", "The same adult at the door and a picture of home in the pocket", "Upset on four days of five", "Noted each morning", "Calm on four days of five"),
    ),
    "primary": (
        ("academic", "{n} reads words of two syllables without help", "Fifteen minutes of phonics with {adult}, Monday to Thursday at nine", "14 of 40 words", "The same 40 words each half term", "32 of 40 words"),
        ("academic", "{n} writes four sentences that make sense on {p} own", "Plans aloud with {adult}, then writes with a word mat, daily", "One sentence", "Writing book, once a week", "Four sentences in three lessons of four"),
        ("academic", "{n} knows the times tables to six", "Five minutes of games at home and at school, each day", "Two, five and ten", "A quiz of 20 on Fridays", "18 of 20"),
        ("wellbeing", "{n} uses the card to leave the room and comes back within five minutes", "{adult} practises it with {n} each Monday; all staff know it", "Runs out twice a week", "Tally kept in class", "No running out for four weeks"),
        ("social", "{n} plays with two friends at lunch, twice a week", "Lunch club with {adult} on Tuesdays and Fridays", "Alone most days", "Seen by the lunchtime staff", "Two lunches each week"),
        ("academic", "Improve reading", "Support in class", "", "", ""),
    ),
    "secondary": (
        ("academic", "{n} hands in homework in {subject} two weeks out of three", "Homework club with {adult} on Tuesdays; the carer looks at the app on Sundays", "One in six", "The school's homework record", "Four in six"),
        ("academic", "{n} catches up the missed unit in {subject}", "One hour of tuition on Wednesdays, ten weeks, with the teacher's list", "31 per cent in the test", "The same test in the last week", "55 per cent"),
        ("language", "{n} reads a page of a set text and says the main point", "Paired reading with {adult}, three mornings a week", "Reading age of 9 years 2 months", "Reading test at the end of term", "Reading age of 9 years 10 months"),
        ("attendance", "{n} is in school by 8.45 on Mondays", "{adult} meets {n} at the gate with breakfast", "On time one Monday in four", "Register", "On time three Mondays in four"),
        ("wellbeing", "{n} talks to {adult} before leaving a lesson", "A meeting on Mondays and a card; teachers know it", "Walks out three times a week", "Removal record", "Once a week or less"),
        ("next_step", "{n} visits two workplaces and says which was better", "The careers adviser arranges both before the holiday", "None so far", "A half page in {n}'s own words", "Two visits done"),
        ("academic", "Do better in {subject}", "Work harder and listen to teachers", "", "", ""),
    ),
    "post_16": (
        ("academic", "{n} passes mathematics at level 1", "Two hours of tuition a week at college, until May", "Entry level 3", "Practice paper each month", "A pass in the practice paper by March"),
        ("next_step", "{n} sends three applications for apprenticeships", "An hour with {adult} every second Friday to write them", "None sent", "Copies kept by the personal adviser", "Three sent and one interview"),
        ("attendance", "{n} is at college four days in five", "The tutor texts by 9.30, the carer rings at ten", "Three in five", "College register", "Four in five over six weeks"),
        ("wellbeing", "{n} cooks and budgets for a week alone", "With the support worker on Sundays, less help each month", "Two days", "Receipts and a list", "A week without running out"),
    ),
}  # fmt: skip
ACTIONS = (
    "Ring the tutor about the time of sessions", "Send the reading list home", "Ask for the last school's records",
    "Book the careers interview", "Give all staff the page of what helps {n}", "Find out about {hobby} and what it costs",
    "Send the carer the login for homework", "Chase the appointment with the therapist", "Show {n} the plan and go through it",
    "Ask about travel in the mornings",
)  # fmt: skip
DECISIONS = (
    "The same tutor goes on until Easter.", "Money is asked for the tutor only.", "{n} chairs the first half of the next meeting.",
    "School tells the carer of hard days by message before three.", "The next meeting is at school, straight after lunch.",
)  # fmt: skip
OUTCOMES = {
    "met": ("The last check shows it, and {n} knows it.", "Reached three weeks before the end."),
    "partly_met": ("Most of the way: good with {adult}, not yet alone.", "Half of what was hoped; the last month was better."),
    "not_met": ("Sessions began late, so there was little time.", "It was too much at once. Broken smaller this term."),
    "open": ("Going well, and not finished.",),
}  # fmt: skip
CHILDS_WORDS = ("I want someone to help but not in front of everyone.", "Can I do it with Miss?", "I like it when I know what's next.",
                "I'm good at this, it's just the writing.", "Mornings are the worst.", "", "")  # fmt: skip
RETURNED = (
    ("The targets do not say how anyone will know that they were reached. Please add a measure to each.", {"targets": "Say where {n} is now and what will show that it was reached.", "pupil_premium": "Say which target the money backs."}),
    ("Much of this is word for word last term's plan. What has changed for {n}?", {"progress": "These are last term's words. What did {n} do this term?", "needs": "What does {n} need now?"}),
    ("{n}'s own views are missing, and nothing says what was tried.", {"voice": "Ask again, and say how.", "targets": "Does either target answer something {n} said?"}),
)  # fmt: skip
SUBJECTS = {
    "early_years": ("stories", "singing", "water play", "counting"),
    "primary": ("mathematics", "reading", "science", "art", "history", "writing"),
    "secondary": ("mathematics", "English", "science", "geography", "design and technology", "history", "music"),
    "post_16": ("mathematics", "English", "construction", "catering", "health and social care", "mechanics"),
}
HOBBIES = {
    "early_years": ("swimming", "the playground", "painting"),
    "primary": ("swimming", "football", "dancing", "drumming", "karate", "gardening", "chess"),
    "secondary": ("football", "boxing", "drumming", "drama", "skateboarding", "baking", "running", "coding"),
    "post_16": ("the gym", "football", "cooking", "guitar", "cricket"),
}
BOOKS = (
    "a book about wolves",
    "a long fantasy",
    "the football annual",
    "a book of ghost stories",
    "a graphic novel about space",
)
ADULTS = (
    "Mrs Holroyd",
    "Mr Okafor",
    "Miss Dunne",
    "Mrs Patel",
    "Mr Lindqvist",
    "Miss Bright",
    "Mr Aziz",
    "Mrs Fenwick",
)
