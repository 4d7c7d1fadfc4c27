"""Names of today's England, by where families come from. Nobody is meant: any likeness is chance."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Naming:
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _naming(girls: str, boys: str, surnames: str) -> Naming:
    return Naming(_words(girls), _words(boys), _words(surnames))


BRITISH = _naming(
    "Lacey Poppy Maddison Isla Freya Summer Ellie Harley Maisie Amelia Evie Skye Paige Lexi Ruby Scarlett "
    "Millie Gracie Willow Daisy Summer-Rose Lola Tia Kayleigh Chloe Jessica Caitlin Phoebe Imogen Erin Libby "
    "Esme Ivy Elsie Florence Harper Aria Nevaeh Bella Darcie Bethany Keira Courtney Amber Shannon Georgia "
    "Holly Lily-Mae Ava Mia Olivia Sienna Ella-Mae Rosie Matilda Violet Hallie Indie Faith Autumn Robyn Niamh "
    "Zara Tilly Alyssa Demi-Leigh Macie Brooke",
    "Kai Noah Riley Tyler Mason Connor Zack Logan Rhys Jayden Alfie Archie Harley Leo Theo Oscar Finley "
    "Callum Kian Reece Brandon Declan Corey Jake Jack Oliver Harrison Freddie Tommy Charlie Jaxon Kayden "
    "Ashton Bradley Ethan Ellis Blake Toby Albie Reggie Ronnie Teddy Arlo Hunter Carter Jenson Max Dylan "
    "Lewis Owen Liam Kieran Shay Cody Aiden Ryan Daniel Joshua Luke Nathan Morgan Zak Frankie Bobby Billy "
    "Roman Rory Vinnie Louie Dexter Stanley Luca Elijah",
    "Ogden Sutcliffe Shaw Bennett Aldous Greenwood Reeve Lindley Whitworth Barrow Clarke Blythe Dolan Ellis "
    "Pryce Thornton Bright Marsh Holroyd Ackroyd Barraclough Hirst Crowther Firth Haigh Sykes Armitage Brook "
    "Dyson Beaumont Kaye Lockwood Mellor Naylor Oldroyd Pogson Quarmby Rhodes Schofield Taylor Varley "
    "Wainwright Whiteley Womersley Bailey Carter Dawson Edwards Fletcher Gibson Harper Hughes Jackson "
    "Jennings Kelly Lawson Lowe Mason Moss Nash Osborne Palmer Parkin Pickering Rawson Robson Sanderson "
    "Slater Stead Tattersall Thackray Turton Upton Vickers Walsh Webster Wilkinson Wragg Yates Booth "
    "Cartwright Coates Cooper Davies Doyle Drury Elsworth Farrell Foster Gill Goddard Hague Hallam Hobson "
    "Ibbotson Jagger Kitson Leech Machin Murphy Newsome Noble Parr Platts Redfearn Roebuck Saville Senior "
    "Stocks Swift Tingle Unwin Wadsworth Wardle Wilde Woodhead Wood Wright Young Roberts Evans Thomas Green "
    "Hall",
)
POLISH = _naming(
    "Zuzanna Julia Maja Oliwia Hanna Lena Amelia Wiktoria Nadia Nikola Alicja Natalia",
    "Kacper Jakub Filip Antoni Szymon Oskar Mateusz Bartosz Dominik Igor Adrian Patryk",
    "Zieliński Kowalczyk Wiśniewski Wójcik Kamiński Nowak Mazur Krawczyk Pawlak Dudek Sikora Baran",
)
ROMANIAN = _naming(
    "Andreea Ioana Maria Elena Daria Bianca Denisa Larisa Roxana Alexia",
    "Andrei Ionut Gabriel David Alexandru Florin Marius Denis Robert Luca",
    "Popescu Ionescu Munteanu Stan Dumitru Radu Constantin Ciobanu Lazar Varga Horvath Gabor",
)
PAKISTANI = _naming(
    "Aisha Zainab Maryam Fatima Hafsa Aleena Iqra Sana Amina Inaya Zoya Hiba Mahnoor Eman",
    "Ayaan Zayn Ibrahim Hamza Bilal Adam Yusuf Haroon Zakariya Rayyan Isa Musa Haris Subhan",
    "Malik Hussain Khan Akhtar Mahmood Iqbal Shah Rafiq Aziz Bashir Mirza Qureshi Sadiq Butt",
)
BANGLADESHI = _naming(
    "Tasnim Nusrat Sumaiya Anika Fariha Raisa Tahmina Safa",
    "Tahmid Rafi Arif Nayeem Shafi Tanvir Mahir Zubair",
    "Begum Miah Uddin Rahman Chowdhury Ali Islam Hoque",
)
INDIAN = _naming(
    "Simran Jasleen Anaya Diya Priya Harleen Kavya Riya",
    "Arjan Jasdeep Aarav Rohan Gurpreet Dev Karan Harjit",
    "Kaur Singh Patel Sharma Dhillon Gill Bains Sandhu Desai",
)
NIGERIAN = _naming(
    "Tiwa Temi Ngozi Adaeze Simi Folake Ife Chidera Kemi Zikora",
    "Tobi Chidi Emeka Kola Femi Ayo Dami Obinna Seun Ikenna",
    "Adeyemi Okafor Balogun Eze Ogunleye Nwosu Adebayo Okoro Bello Afolabi",
)
GHANAIAN = _naming(
    "Abena Akosua Ama Esi Efua Adwoa",
    "Kwame Kofi Yaw Kojo Kwabena Ebo",
    "Mensah Owusu Boateng Asante Osei Appiah Agyeman",
)
CARIBBEAN = _naming(
    "Shanice Kiara Amara Tanisha Jada Alicia Renée Tiana Naomi Esther Leah",
    "Jerome Tyrell Malachi Marcus Isaiah Kymani Dante Jordan Andre Micah Reuben",
    "Campbell Francis Baptiste Grant Henry Joseph Lewis Morrison Reid Samuels Thompson Gordon Palmer Bryan",
)
SOMALI = _naming(
    "Hodan Ayan Ifrah Sagal Nasra Hibaq",
    "Abdirahman Guled Liban Mahad Zakaria Khalid",
    "Warsame Farah Abdi Hassan Jama Osman Yusuf",
)
ERITREAN = _naming(
    "Saba Luwam Selam Feven Helen Rahwa",
    "Yonas Filmon Robel Samuel Natnael Merhawi Abel Henok",
    "Tesfay Haile Gebremedhin Kidane Berhane Mehari Tekle Araya",
)
SUDANESE = _naming(
    "Rania Amna Salma Tasneem",
    "Mustafa Mohammed Adam Abdelaziz Khalid Ismail Mazin Alsadig",
    "Abdalla Idris Haroun Suleiman Adam Eltayeb Bashir Ishag",
)
AFGHAN = _naming(
    "Zahra Parwana Marwa Shabnam",
    "Abdul Najib Hamid Rahmatullah Samiullah Wali Zabiullah Farhad",
    "Rahimi Ahmadzai Safi Stanikzai Noori Hotak Mohammadi Shinwari",
)
IRANIAN = _naming(
    "Shirin Parisa Hana Rozhin",
    "Arash Karwan Rebin Soran Dilshad Hiwa Amir Sirwan",
    "Karimi Ahmadi Rostami Hosseini Moradi Azizi Salehi Qaderi",
)
VIETNAMESE = _naming("Linh Mai Thao Ngoc Huong", "Minh Duc Tuan Quang Hieu", "Nguyen Tran Le Pham Hoang")
ALBANIAN = _naming("Elira Arta Drita Era", "Ardit Erion Klevis Besnik Altin", "Hoxha Gjoni Leka Shehu Prifti")
SYRIAN = _naming(
    "Nour Lamar Sidra Rahaf", "Omar Yazan Anas Ahmad Karam", "Al-Masri Haddad Khalil Darwish Ismail Hamdan"
)
CHINESE = _naming("Yan Mei Xin Jia", "Wei Jun Hao Ming", "Chen Li Wong Zhang Lin")
TRAVELLER = _naming(
    "Shannon Margaret Kathleen Bridget Chantelle Mary-Ann",
    "Paddy Johnny Michael Simon Martin Miley",
    "Ward Connors McDonagh Doherty Cash Price Lee Boswell Smith",
)

BY_ETHNICITY: dict[str, tuple[Naming, ...]] = {
    "WBRI": (BRITISH,),
    "WIRI": (BRITISH,),
    "WIRT": (TRAVELLER,),
    "WROM": (ROMANIAN, TRAVELLER),
    "WOTH": (POLISH, POLISH, ROMANIAN, ALBANIAN),
    "MWBC": (BRITISH, CARIBBEAN),
    "MWBA": (BRITISH, NIGERIAN),
    "MWAS": (BRITISH, PAKISTANI),
    "MOTH": (BRITISH,),
    "AIND": (INDIAN,),
    "APKN": (PAKISTANI,),
    "ABAN": (BANGLADESHI,),
    "AOTH": (PAKISTANI, INDIAN, CHINESE),
    "BCRB": (CARIBBEAN,),
    "BAFR": (NIGERIAN, GHANAIAN, SOMALI, ERITREAN),
    "BOTH": (CARIBBEAN, GHANAIAN),
    "CHNE": (CHINESE,),
    "OOTH": (SYRIAN, IRANIAN, AFGHAN),
    "REFU": (BRITISH,),
    "NOBT": (BRITISH,),
}
ARRIVING_ALONE: tuple[tuple[Naming, str, int], ...] = (
    (SUDANESE, "BAFR", 27),
    (IRANIAN, "OOTH", 19),
    (AFGHAN, "AOTH", 14),
    (VIETNAMESE, "AOTH", 9),
    (ERITREAN, "BAFR", 9),
    (SYRIAN, "OOTH", 9),
    (SOMALI, "BAFR", 3),
    (ALBANIAN, "WOTH", 2),
)
"""Where children who arrive alone come from: claims in the 12 months to September 2024 (Home Office), in parts."""

WOMEN = _words(
    "Helen Danielle Ruth Miriam Karen Grace Priya Janet Carol Asha Sarah Joanne Nicola Michelle Angela Claire "
    "Rachel Louise Samantha Deborah Alison Julie Tracey Yasmin Farah Nadia Shazia Ngozi Beverley Marcia "
    "Agnieszka Elena Rebecca Hannah Lauren Gemma Natalie Stacey Kirsty Leanne Sharon Wendy Maureen Diane "
    "Lynne Pamela Anita Sunita Harpreet Fatou Rukhsana Olga Sinead Bronwen Jacqueline Emma Katie Victoria "
    "Charlotte Amanda Denise Gillian"
)
MEN = _words(
    "Joe Tom Marcus Sam Paul Dean Leon David Mark Andrew Simon Steven Ian Neil Craig Darren Gareth Imran "
    "Tariq Kamran Olu Kwame Winston Clive Piotr Andrei Daniel Matthew Adam Christopher Martin Graham Keith "
    "Trevor Colin Rajesh Harjit Mohammed Yusuf Patrick Declan Rob Phil Nathan Gary Wayne Russell Stuart Alan "
    "Derek"
)
ADULT_SURNAMES = BRITISH.surnames + _words(
    "Kavanagh Frost Ellery Stokes Holt Nair Aldridge Webb Oduya Rowe Whitaker Marsden Fairhurst Blackwood "
    "Pemberton Okonkwo Rahman Begum Hussain Khan Malik Patel Singh Kaur Nowak Kowalska Adeyemi Mensah "
    "Campbell Francis Grant Sheikh Chaudhry Osman O'Brien McKenna Gallagher Lloyd Griffiths Ferguson Sinclair "
    "Costa Silva Rossi"
)
NURSERIES = (
    "Little Acorns Nursery",
    "Sunflowers Pre-school",
    "Busy Bees at the Bridge",
    "Stepping Stones Playgroup",
    "Rainbow Corner Nursery",
    "Hedgehogs Day Nursery",
    "The Old Chapel Pre-school",
    "Bright Beginnings Childminding",
)
TRAINING = (
    "Northgate Training",
    "Springboard Skills",
    "Riverside Construction Training",
    "Open Door English for new arrivals",
    "Hair and Beauty Academy (training provider)",
    "Motor Trades Workshop",
)


def child_name(rng: Random, ethnicity: str, sex: str, surname: str = "") -> tuple[str, str]:
    """A forename and a surname that go together; a sibling's surname is given."""
    namings = BY_ETHNICITY[ethnicity]
    if surname:
        namings = tuple(naming for naming in namings if _has(naming, surname)) or namings
    naming = rng.choice(namings)
    forename = rng.choice(naming.girls if sex == "F" else naming.boys)
    if surname:
        return forename, _ending(_stem(surname), sex)
    mixed = ethnicity.startswith("M") and rng.random() < 0.5
    return forename, _ending(rng.choice(BRITISH.surnames if mixed else naming.surnames), sex)


def alone_name(rng: Random, sex: str) -> tuple[str, str, str]:
    """Forename, surname and ethnicity of a child who came to the country alone."""
    naming, ethnicity, _ = rng.choices(ARRIVING_ALONE, [weight for _, _, weight in ARRIVING_ALONE])[0]
    return rng.choice(naming.girls if sex == "F" else naming.boys), rng.choice(naming.surnames), ethnicity


def _has(naming: Naming, surname: str) -> bool:
    return _stem(surname) in naming.surnames


def _stem(surname: str) -> str:
    return surname[:-1] + "i" if surname.endswith("ska") else surname


def _ending(surname: str, sex: str) -> str:
    """Polish surnames in -ski have a woman's form."""
    return surname[:-1] + "a" if sex == "F" and surname.endswith("ski") else surname


def adult_name(rng: Random) -> str:
    return f"{rng.choice(WOMEN if rng.random() < 0.7 else MEN)} {rng.choice(ADULT_SURNAMES)}"


def couple(rng: Random) -> str:
    """The carers of one home: "Janet and Paul Rowe", or one person."""
    surname = rng.choice(ADULT_SURNAMES)
    first = rng.choice(WOMEN)
    if rng.random() < 0.35:
        return f"{first} {surname}"
    second = rng.choice([name for name in (MEN if rng.random() < 0.93 else WOMEN) if name != first])
    return f"{first} and {second} {surname}"
