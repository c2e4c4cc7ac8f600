"""Reading single cells: texts, entries of lists, dates, RT and RW, telephone numbers, and the headings of a tab."""

import unicodedata
from datetime import date

import phonenumbers
import pytest
from hypothesis import given, strategies as st

from automation.config.defaults import load_terms
from automation.model.cells import CellError, Value, as_read, kept_text, serial_of
from automation.model.complaint import Code
from automation.model.terms import Offers
from automation.reading.cell_text import clean, clean_lines, line_of, lines_of, says_what, says_yes, writable
from automation.reading.dates import read_date
from automation.reading.numbers import NotRtRw, Phones, national, read_phones, read_rt_rw
from automation.reading.tabs import find_headings
from automation.tables import intake
from automation.tables.intake import INTAKE
from tests.town import RULES


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("Bu Siti", "Bu Siti"),
        ("  Bu\u00a0\u2003Siti\t ", "Bu Siti"),
        ("Bu\nSiti", "Bu Siti"),
        ("Bu \x00\x07Siti", "Bu Siti"),
        ("\u202eitiS uB\u202c", "itiS uB"),
        ("\ufeffBu Siti\u200b", "Bu Siti"),
        ("lubang \ud800 besar", "lubang besar"),
        ("شارع", "شارع"),
        ("👨\u200d👩\u200d👧 satu keluarga", "👨\u200d👩\u200d👧 satu keluarga"),
        ("=IMPORTDATA(1)", "=IMPORTDATA(1)"),
        (123.0, "123"),
        (12, "12"),
        (12.5, "12.5"),
        (3671051203850001.0, "3671051203850001"),
        (1e300, "1e+300"),
        (float("nan"), ""),
        (True, "✓"),
        (False, ""),
        (CellError("#REF!"), ""),
        ("-", ""),
        (" -- ", ""),
        ("\u2014", ""),
        ("?", ""),
    ],
)
def test_a_cell_reads_as_a_person_would_read_it(value: Value, text: str) -> None:
    assert line_of(value) == text


@given(st.one_of(st.none(), st.text(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)))
def test_what_stood_in_a_cell_is_written_back_as_what_it_was(value: Value) -> None:
    """A form's stamp that somebody covered is a moment, day and hour: as text it would be no date any more."""
    assert as_read(writable(value)) == (kept_text(value) or None if isinstance(value, str) else value)


def test_a_description_keeps_its_lines_but_not_the_emptiness_between_them() -> None:
    assert (
        lines_of("Jalan rusak.\r\n\r\n  Motor   jatuh.\u2028Mohon dicek. \n")
        == "Jalan rusak.\nMotor jatuh.\nMohon dicek."
    )


@given(st.text())
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    for cleaned in (clean(text), clean_lines(text).replace("\n", " ")):
        assert clean(cleaned) == cleaned
        assert "  " not in cleaned
        unseen = {unicodedata.category(character) for character in cleaned if character not in "\u200c\u200d"}
        assert not unseen & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_what_can_be_seen_is_never_lost(text: str) -> None:
    assert clean(text) == text


# Entries of a list


CHANNELS = load_terms().choices(intake.CHANNEL, ("Hotline", "Datang Langsung", "WhatsApp", "Kunjungan Warga"))


@pytest.mark.parametrize(
    "text", ["WhatsApp", "whatsapp", "Whats App", " whats-app. ", "WA", "wa", "wa grup", "whatsap"]
)
def test_case_spacing_punctuation_slips_and_words_of_the_street_are_forgiven(text: str) -> None:
    assert CHANNELS.find(text) == "WhatsApp"


def test_what_is_not_known_is_neither_guessed_nor_offered() -> None:
    for text in ("", "?", "x" * 50_000, "qqq", "bukan wa"):
        assert CHANNELS.find(text) is None
    assert CHANNELS.offers("qqq") == Offers()
    assert CHANNELS.offers("bukan wa") == Offers(("WhatsApp",), ("WA",))


# Reading dates


@pytest.mark.parametrize(
    "text",
    [
        "24/11/2026", "24-11-2026", "24.11.2026", "24 - 11 - 2026", "24 – 11 – 2026", "24/11/26", "24 Nov 2026",
        "24 November 2026", "24 NOPEMBER 2026", "24-Nov-26", "24Nov2026", "2026-11-24", "2026/11/24",
        "2026-11-24T08:15:00Z", "Selasa, 24 November 2026", "Sel 24/11/2026", "Tuesday, 24 Nov 2026",
        "24/11/2026 14:30", "24/11/2026, pukul 14.30 WIB", " 24/11/2026\u00a0", "'24/11/2026", "24 /11/ 26",
        "24--11--2026", r"24\11\2026", "2026-11-23T17:30:00Z", "2026-11-24T05:30:00+07:00", "2026-11-23T20:04:05+00:00",
        "24/11 '26", "24-XI-2026", "[24/11/26 19.42]", "Tgl : 24/11/2026", "24|11|2026", "*24/11/26*",
    ],
)  # fmt: skip
def test_a_date_is_understood_as_people_write_it(text: str) -> None:
    assert read_date(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("Jan Januari January", 1), ("Feb Peb Februari Pebruari February", 2), ("Mar Mrt Maret March", 3),
        ("Apr April", 4), ("Mei May", 5), ("Jun Juni June", 6), ("Jul Juli July", 7),
        ("Agu Ags Agt Agustus Aug August", 8), ("Sep Sept September", 9), ("Okt Oct Oktober October", 10),
        ("Nov Nop November Nopember", 11), ("Des Dec Desember December", 12),
    ],
)  # fmt: skip
def test_months_are_known_by_their_indonesian_and_english_names(names: str, month: int) -> None:
    assert [read_date(f"5 {name} 2026") for name in names.split()] == [date(2026, month, 5)] * len(names.split())


def test_a_day_of_another_month_or_year_is_asked_about_and_the_part_of_a_day_is_passed_over() -> None:
    today = date(2026, 11, 30)
    of_two = ("3-5 nov", "3/5 Nop.", "11-12 November", "Nov 3-5", "minggu pertama nov", "bukan 5/11", "5/11 batal")
    doubted = (
        "24/11 kamis",
        "24/11/2026 (hari Kamis)",
        "24 Nop minggu",
        "minggu 24/11/2026",
        "Kamis, 24/11/2026",
        "sebelum 5/11",
        "5/11 salah",
        "5/11/2026 (salah, 4/11/2026)",
        *("kemarin mungkin", "kmrn kali ya lupa", "24 nov kayaknya", "senin apa selasa"),
        *("kmrn2", "kmrn-kmrn", "minggu kmrn"),  # 30/11 is a Monday, but the week may be meant
    )
    other = ("tgl 21 bln kmrn", "tgl 21 bulan kemarin", "24 nop tahun kemarin", "tgl 5 minggu lalu")
    for text in (*other, *of_two, *doubted):
        assert read_date(text, today) is None
    said = {"rabu malam kemarin": 25, "rabu sore kmrn": 25, "jumat dini hari": 27, "sbt 21": 21, "24 - nop": 24}
    said |= {
        "24/11 (Selasa)": 24,
        "17/11 selasa": 17,
        "5 nov kemarin": 5,
        "22/11 minggu": 22,
        "l5/11": 15,
        "2I/11/2026": 21,
        "o5/11/26": 5,
        "23/ll/26": 23,
        "rabu18nov": 18,
        "kmrn jam2": 29,
    }
    assert {text: day.day for text in said if (day := read_date(text, today))} == said


def test_the_day_comes_first_even_where_both_could_be_a_month() -> None:
    assert read_date("03/04/2026") == date(2026, 4, 3)


@pytest.mark.parametrize(
    "values",
    [
        ["11/24/2026", "Nov 24 2026", "31/02/2026", "24/11", "24 November", "24/11-2026", "kemarin"],
        ["24112026", "46350", "revisi 24/11/2026"],
        ["24/11/1926", "24/11/0026", "24/11/2126", 2026, 24112026.0, -1.0, 1e300, 0.5],
        [None, "", True, CellError("#REF!"), float("nan"), float("inf"), "1/" * 25_000],
    ],
    ids=["not for certain", "no date", "a year that cannot be meant", "other values"],
)
def test_what_is_not_a_date_for_certain_is_not_guessed(values: list[Value]) -> None:
    assert {read_date(value) for value in values} == {None}


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), time=st.floats(0, 0.999))
def test_a_spreadsheets_own_date_is_its_day_whatever_the_time(day: date, time: float) -> None:
    assert read_date(serial_of(day)) == day
    assert read_date(serial_of(day) + time) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_that_is_written_is_read_back(day: date) -> None:
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d"):
        assert read_date(day.strftime(pattern)) == day


# Reading RT and RW


@pytest.mark.parametrize(
    "text",
    [
        "003/007", "3/7", "03 / 07", "3-7", "3.7", "3 7", "RT 3 RW 7", "RT.003/RW.007", "rt. 03 / rw. 07",
        "RT 03, RW 07", "RT003RW007", "RT/RW 003/007", "RT.03/07", "RW 7 RT 3", "'003/007", "tiga/tujuh", "r3/w7",
        "r.t 3 r.w 7", "rt=3 rw=7", "rt 3 dan rw 7", "rt 3 rw 7 no 12", "rt 3 rw 7 gg mawar", "rt3rw7 🙏", "3/7 no 5",
        "rt 3 (rw 7)", "(3/7)", "RT III/RW VII", "rt 3/VII", "RT.003 RW.VII", "gg mawar rt 3 rw 7", "kp bulak rt 3/7",
    ],
)  # fmt: skip
def test_rt_and_rw_are_understood_as_people_write_them(text: str) -> None:
    assert read_rt_rw(text) == "003/007"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("RT 3", "003/"), ("rt.003", "003/"), ("RW 07", "/007"), ("RW/7.", "/007"), ("r.t 3", "003/"), ("3/?", "003/"),
        ("rt 3 dpn warung", "003/"), ("rt ? rw 7", "/007"), ("rt lupa rw 7", "/007"), ("se rw 7", "/007"),
        ("rt ga tau", ""), ("pak rt 3", "003/"), ("rt 3 rw kosong", "003/"), ("rt xx rw 7", "/007"),
    ],
)  # fmt: skip
def test_one_of_the_two_is_an_answer(text: str, unit: str) -> None:
    assert read_rt_rw(text) == unit


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("got mampet", True),
        ("Banjir lagi di sini", True),
        ("PJU mati", True),
        ("maksa 5000", True),
        ("rt 05", False),
        ("sama kayak kemarin", False),
        ("sm spt kmrn jg", False),
        ("msh kyk kemarin, tlg lg", False),
        ("liat yang kmrn aja", False),
        ("sesuai obrolan kita td di telp", False),
        ("Assalamualaikum wr wb, mohon bantuannya agar ditindaklanjuti, terima kasih", False),
        ("rusak", False),
        ("<Media tidak disertakan>", False),
        ("IMG-20261128-WA0012.jpg (file terlampir)", False),
        ("video got mampet", True),
        ("tolong dibantu pak dewan, sudah dilaporkan ke mana2 ga ada hasil", False),
        ("kapan diperbaiki, sudah lapor berkali-kali", False),
        ("kali bau, sudah dilaporkan", True),
    ],
)
def test_a_description_says_what_is_wrong_however_short(text: str, says: bool) -> None:
    assert says_what(text, RULES.terms.words["uraian kosong"]) is says


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Ya", True),
        ("ya, betul.", True),
        ("iya bener", True),
        ("✅", True),
        ("ya, tidak", False),
        ("salah", False),
        ("", False),
    ],
)
def test_who_says_yes_in_their_own_words_has_said_it(text: str, yes: bool) -> None:
    assert says_yes(text) is yes


@pytest.mark.parametrize("value", [None, "", "-", "  ", "tidak tahu", "Gak tau", "belum ditunjuk"])
def test_an_empty_cell_is_allowed(value: Value) -> None:
    assert read_rt_rw(value) == ""


JULY = serial_of(date(2026, 7, 3))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            ["307", 307, "RT", "RT -", "RT 3 dan 4", 307.0, 3.7, "3/7/9", "3//7/", True, "3/" * 25_000],
            NotRtRw(),
        ),
        ([0, "0/0", "0/7", "3/0", "000/000", "1000/2"], NotRtRw()),
        ([JULY, float(JULY), "03/07/2026", "3 Jul 2026"], NotRtRw(dated=True, likely="003/007")),
        (["3-Jul", "Jul-03", "3 Juli", serial_of(date(1980, 1, 1))], NotRtRw(dated=True)),
    ],
    ids=["not both", "no number", "a date of what was typed", "a date of who knows what"],
)
def test_what_does_not_name_both_or_became_a_date_is_told_with_what_was_probably_typed(
    values: list[Value], said: NotRtRw
) -> None:
    assert [read_rt_rw(value) for value in values] == [said] * len(values)


# Reading telephone numbers


MOBILE = "+6281234567890"
LANDLINE = "+62215512345"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0812-3456-7890", MOBILE),
        ("081234567890", MOBILE),
        ("0812 3456 7890", MOBILE),
        ("0812.3456.7890", MOBILE),
        ("6281234567890", MOBILE),
        ("+62 812-3456-7890", MOBILE),
        ("+6281234567890", MOBILE),
        ("81234567890", MOBILE),
        ("8123456789.0", "+628123456789"),
        ("0062 812 3456 7890", MOBILE),
        ("+62 0812 3456 7890", MOBILE),
        ("62-0812-3456-7890", MOBILE),
        ("(021) 5512345", LANDLINE),
        ("021-55123456", "+622155123456"),
        ("21-5512345", LANDLINE),
        ("5512345", LANDLINE),
        ("551-2345", LANDLINE),
        ("0812345678", "+62812345678"),
        ("'081234567890", MOBILE),
        ("O812 3456 789O", MOBILE),
        ("o812-3456-789o", MOBILE),
        ("o8i2 3456 7890", MOBILE),
        ("0895-1234-56789", "+62895123456789"),
        ("0851 5123 4567", "+6285151234567"),
        ("+62(0)21 551 2345", LANDLINE),
        ("62812 3456 789", "+628123456789"),
        ("wa: 0878 1234 5678", "+6287812345678"),
        ("0812-3456-7890 (Bu Siti, 45 th)", MOBILE),
        ("No 0812-3456-7890", MOBILE),
        ("\u202a+62 812\u20113456\u20117890\u202c", MOBILE),  # as copied out of a chat
        ("0812\u20133456\u20137890", MOBILE),
        ("\uff10\uff18\uff11\uff1234567890", MOBILE),  # digits of full width
        ("\u0660\u0668\u0661\u066234567890", MOBILE),  # Arabic digits
    ],
)
def test_a_number_is_understood_as_people_write_it(written: str, number: str) -> None:
    assert read_phones(written) == Phones((number,))


@pytest.mark.parametrize(
    ("value", "number"),
    [(81234567890.0, MOBILE), (81234567890, MOBILE), (6281234567890.0, MOBILE), (215512345, LANDLINE)],
)
def test_a_number_that_a_spreadsheet_made_of_it_gets_its_zero_back(value: Value, number: str) -> None:
    assert read_phones(value) == Phones((number,))


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        (["8.12346E+10", "8,12346E+10", "8.12E10", 8.12345678901234e15], (Code.PHONE_LOST,)),
        (
            ["551234", "8123456", "08123456789012345", "0812-345", "00812-3456-7890", "0800-123-4567"],
            (Code.PHONE_INVALID,),
        ),
        (["1500123", "112", 112, 812.5, True, "belum dikasih"], (Code.PHONE_INVALID,)),
        (["3671051203850001", "0" * 50_000, "+"], (Code.PHONE_INVALID,)),
        (["0812-0000-102?", "0812-0000-10..", "08120000102x (anaknya)", "0812 0000 10__"], (Code.PHONE_INVALID,)),
        (["0813661122B4", "0812345678g0", "0812z3456789", "081234567890 (2)"], (Code.PHONE_INVALID,)),
        (["0812-1234-567(8/9)", "0812 345 6789 atau 6788", "08123456789/8"], (Code.PHONE_INVALID,)),
        (["0812345678 kurang satu", "08123456789 blm lengkap", "bukan 081234567890"], (Code.PHONE_INVALID,)),
        (["0812-0000-10xx", "0812 0000 10**", "0812 0000 1??", "0812-0000-1xxx (lupa)"], (Code.PHONE_INVALID,)),
        ([None, "", "-", " \u2013 ", "'", "\u200b", "tidak ada", "Tdk tahu.", "lupa", "lupa" + "." * 40], ()),
    ],
    ids=["lost", "none", "nobody's", "too long", "not sure", "a letter", "two ends", "doubted", "cut short", "empty"],
)
def test_what_nobody_can_be_called_at_is_never_guessed(values: list[Value], faults: tuple[Code, ...]) -> None:
    assert [read_phones(value) for value in values] == [Phones((), faults)] * len(values)


@pytest.mark.parametrize("between", [" / ", "/", ", ", "; ", " atau ", " & ", "\n", " ", " - ", " dan "])
def test_two_numbers_in_a_cell_are_both_kept(between: str) -> None:
    read = read_phones(f"0812-3456-7890{between}0857-1234-5678")
    assert read == Phones((MOBILE, "+6285712345678"), (Code.PHONE_TWO,))
    grouped = read_phones("081234567890 / 021 5512345"), read_phones("081234567890 / 0857 1234 5678")
    assert [one.numbers for one in grouped] == [(MOBILE, LANDLINE), (MOBILE, "+6285712345678")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0812-3456-7890 / +62 812 3456 7890", Phones((MOBILE,))),
        ("0812-3456-7890 / 551234", Phones((MOBILE,), (Code.PHONE_INVALID,))),
        ("0812-3456-7890 / 5512345", Phones((MOBILE, LANDLINE), (Code.PHONE_TWO,))),
        ("0812-3456-7890, ext 12", Phones((MOBILE,))),
        ("[28/11/2026 09.14] Bu Tini: 0812-3456-7890", Phones((MOBILE,))),
        ("[28/11/26, 09:14:05] Bu Tini: 0812-3456-7890 (jam 9-17)", Phones((MOBILE,))),
        ("0812-3456-7890 (aktif 27-11-2026)", Phones((MOBILE,))),
        ("27.11.2026 0812.3456.7890", Phones((MOBILE,))),
        ("+65 8123 4567", Phones(("+6581234567",), (Code.PHONE_FOREIGN,))),
        ("+65 0000", Phones((), (Code.PHONE_INVALID,))),
        ("+999 8123 4567", Phones((), (Code.PHONE_INVALID,))),
    ],
)
def test_a_good_number_is_kept_beside_what_is_none_and_a_foreign_one_is_noticed(written: str, read: Phones) -> None:
    assert read_phones(written) == read


@given(st.from_regex(r"0[1-9][0-9]{5,13}", fullmatch=True))
def test_no_number_is_accepted_that_the_library_refuses_and_no_mobile_refused_that_it_accepts(written: str) -> None:
    parsed = phonenumbers.parse(written, "ID")
    read = read_phones(written)
    if read.numbers:
        assert phonenumbers.is_valid_number(parsed)
        assert read.numbers == (phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),)
    else:
        assert phonenumbers.number_type(parsed) not in (
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE,
        )


@given(digits=st.from_regex(r"8[1-9][0-9]{7,10}", fullmatch=True))
def test_mobiles_are_judged_as_the_library_judges_them(digits: str) -> None:
    number = phonenumbers.PhoneNumber(country_code=62, national_number=int(digits))
    expected = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    assert (read_phones(f"0{digits}").numbers == (f"+62{digits}",)) == expected
    assert national(f"+62{digits}") == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


# Finding the headings of an intake tab


ALL = [str(column) for column in [column for column in INTAKE.columns if not column.optional]]


def test_headings_are_found_in_any_order_and_spelling_below_a_title_and_beside_peoples_own_columns() -> None:
    headings = find_headings([["LAPORAN WARGA 2026"], [], ["Catatan Pak RW", *reversed(ALL)]])
    assert headings is not None and headings.complete
    told = len(ALL) - ALL.index(intake.TOLD)
    assert (headings.row, headings.columns[intake.TOLD], headings.columns[intake.TICKET]) == (2, told, len(ALL))
    written = {"No. Tiket": " no tiket", "RT/RW": "RT / RW", "Nama Pelapor": "NAMA\nPELAPOR", "Status": "Status:"}
    headings = find_headings([[written.get(heading, heading) for heading in ALL]])
    assert headings is not None and headings.complete


def test_missing_and_doubled_headings_are_told() -> None:
    headings = find_headings([[*(heading for heading in ALL if heading != "Telepon"), "status"]])
    assert headings is not None and not headings.complete
    assert headings.missing == (intake.PHONE,)
    assert headings.doubled == (intake.STATUS,)
    assert headings.columns[intake.STATUS] == ALL.index("Status") - 1


def test_a_tab_without_kelurahan_column_is_complete_and_one_with_it_has_it() -> None:
    plain, several = find_headings([ALL]), find_headings([[*ALL, "Kelurahan"]])
    assert plain is not None and plain.complete and intake.KELURAHAN not in plain.columns
    assert several is not None and several.complete and several.columns[intake.KELURAHAN] == len(ALL)


def test_a_table_of_something_else_is_no_intake_tab_and_headings_below_the_tenth_row_are_data() -> None:
    assert find_headings([["Nama", "Telepon", "Alamat", "Status", "Catatan"]]) is None
    assert find_headings([]) is None
    assert find_headings([[None, 5, True, "x" * 50_000]]) is None
    assert find_headings([*([[]] * 9), ALL]) is not None
    assert find_headings([*([[]] * 10), ALL]) is None


# What a thumb types at night


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("rt o3/rw o4", "003/004"),
        ("o3/o4", "003/004"),
        ("rt l2 rw 1O", "012/010"),
        ("rt 3 rw ga tau", "003/"),
        ("rt tiga rw sepuluh", "003/010"),
        ("RT nol tiga RW dua belas", "003/012"),
        ("erte 3 erwe 5", "003/005"),
        ("3\u20135", "003/005"),
        ("[03_05]", "003/005"),
        ("RT 003/RW -", "003/"),
        ("rw 7", "/007"),
        ("/5", "/005"),
        ("003/", "003/"),
    ],
)
def test_an_o_is_a_nought_and_half_a_unit_is_an_answer(text: str, unit: str) -> None:
    assert read_rt_rw(text) == unit


@pytest.mark.parametrize(
    "text",
    [
        "O8l2-0000-1022",
        "o812 oooo 1o22",
        "0812 0000 1O22 (istri)",
        "wa O81200001022",
        "0812/0000/1022",
        "0812_0000_1022",
        "0812|0000|1022",
        "nol delapan satu dua nol nol nol nol satu nol dua dua",
        "kosong lapan dua belas nol nol nol nol satu nol dua dua",
    ],
)
def test_a_telephone_is_read_with_letters_that_look_like_digits_and_whatever_parts_them(text: str) -> None:
    assert read_phones(text).numbers == ("+6281200001022",)


@pytest.mark.parametrize("text", ["gak punya hp", "lupa", "gada", "tdk pny wa", "ora duwe", "tidak ada telp"])
def test_who_has_none_has_no_telephone(text: str) -> None:
    assert read_phones(text) == Phones()
