"""Complaints that may be about one matter: what is suggested, and, more important, what is not."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given
from msgspec.structs import replace

from automation.cases.elsewhere import Elsewhere
from automation.cases.examiner import Examiner, make_entries
from automation.cases.journal import Case
from automation.cases.one_matter import MANY, MOST_AT_ONCE, families, relation
from automation.cases.same_matter import LIKELY, Matters
from automation.cases.telling import tell
from automation.model.cells import Value
from automation.model.complaint import Code, Complaint, Status
from automation.model.register import Entry
from automation.model.tickets import Ticket
from automation.tables import intake
from automation.tables.intake import PEOPLE
from tests.examples import examples
from tests.local_city import LocalCity
from tests.town import GONDRONG, NOTE, RULES, TUESDAY, Town, complaint as row, ticketed

Told = tuple[str, str]  # description and address


def pairs(text: str) -> list[tuple[Told, Told]]:
    """Two complaints of a line each, a blank line between pairs."""
    told = [[line.partition(" |") for line in pair.splitlines()] for pair in text.strip("\n").split("\n\n")]
    return [((one[0], one[2].strip()), (other[0], other[2].strip())) for one, other in told]


#: One matter, told by two people.
SAME = pairs("""
air PAM mati 5 hari di gang Pintu Air, mandi numpang | Gg. Pintu Air
sudah 6 hr air pam tdk ngalir di gg pintu air tp tagihan jalan trus |

kis pbi warga RW 7 dicoret semua ga ada pemberitahuan |
Kartu BPJS PBI warga RW 7 dinonaktifkan semua |

Pabrik sepatu Sinar Langkah PHK 200 org pesangon ga dibayar |
korban phk pabrik sinar langkah, pesangon blm dibayar sampe skrg |

PJU cemara raya nyala siang hari, malam padam | Perumnas 1
Lampu jalan kebalik, siang nyala malem mati | Jl. Cemara Raya

trek2an motor di jl bandara sampe subuh, brisik | Kp. Baru
balap liar di jl bandara tiap malam, suara motornya bising | Jl. Bandara 4

got depan masjid attaqwa mampet | Gg. Haji Dul
selokan masjid at taqwa buntet, air ngeluap | Gg. Haji Dul 3

got mampet di depan musholla Al Ikhlas, air item naik ke jalan, anak2 mau ngaji susah lewat | Gg. Mawar 4
got depan musholla Al Ikhlas mampet, airnya naik ke jalan | Gg. Mawar no 11

jalan berlubang lumayan dalam, udah 2 motor jatuh minggu ini. kalo malem gak keliatan | Jl. Hasyim Ashari
lubang dalam di Jl. Hasyim Ashari depan toko besi, kemarin ada motor jatuh lagi | Gg. Langgar

PJU mati 4 tiang berturut2 dari pos satpam sampai mushola | Perum Cipondoh Makmur blok D2 no 8
lampu PJU dari pos satpam sampai mushola mati semua, gelap | Perum Cipondoh Makmur blok D3

sampah di TPS gang numpuk sampe ke jalan, bau banget, truk terakhir dateng hari kamis | Gg. Haji Sanip
sampah TPS Gg. Haji Sanip menumpuk sampai ke jalan dan bau, truk tidak datang | Gg. Haji Sanip no 3

air PAM cuma nyala jam 1 malem sampe subuh, siangnya kering. udah lapor ke kantornya 2 kali | Kp. Ketapang
air PAM nyala cuma tengah malam sampai subuh, siang kering | Kp. Ketapang RT 2

tanggul kali retak panjang, kalo ujan malem ini bisa jebol ke rumah warga!! | pinggir kali Angke
tanggul kali Angke deket jembatan retak, takut jebol | dekat jembatan kali Angke

balap liar tiap malem minggu depan ruko, polsek dateng bubar, pergi ngumpul lagi | Jl. Raya Petir
tiap malam minggu balap liar di depan ruko Jl. Raya Petir | Jl. Raya Petir no 20

parkir liar 2 baris sampe malem, tukang parkir minta 5rb maksa. ambulan gak bisa lewat | dpn pasar malabar
parkir liar depan pasar malabar dua baris, ambulan tidak bisa lewat | Jl. Merdeka

pohon angsana gede miring ke arah rumah, akarnya udah ngangkat trotoar | Jl. Garuda 3 no 14
pohon angsana besar di Jl. Garuda 3 miring, akar mengangkat trotoar, takut roboh | Jl. Garuda 3 no 16

pabrik buang limbah ke kali tiap subuh, airnya berbusa dan bau. ada videonya | pinggir Cisadane
limbah pabrik dibuang ke kali tiap subuh, air berbusa bau menyengat | pinggir Cisadane RT 1

tutup gorong2 hilang dicuri, lobang nganga di pinggir jalan | Jl. Proklamasi
tutup gorong-gorong di Jl. Proklamasi hilang, berbahaya buat motor | Jl. Proklamasi no 5

drainase sepanjang Otista gak pernah dikeruk, hujan sejam aja toko kemasukan air | Jl. Otista no 88
selokan Otista tidak pernah dikeruk, hujan sebentar air masuk toko | Jl. Otista no 70

lampu jalan mati udah 2 minggu |
lampu jalan mati udah 2 minggu, gelap |

PJU padam semua, gelap gulita | Jl. Anggrek
lampu jalan di Jl. Anggrek tidak menyala |

got buntet sampe bau di depan SDN 3 |
selokan mampet samping sd 3, airnya kemana2 |

mak Icah rumahnya doyong mau rubuh |
minta bedah rumah buat ibu Icah, udah reyot | Gg. Mawar

gas 3 kilo langka di mana-mana | Jl. Ambon
elpiji melon kosong semua | Gg. Kenari

lampu jalan mati udah 2 minggu, kemaren ada yg kejambret | Jl. Maulana Hasanuddin no 21
lampu jalan di Jl. Maulana Hasanuddin mati, rawan jambret | Jl. Maulana Hasanuddin 15

jalan k pasar anyar rusak parah |
jln pasar anyar rusak parah | Jl. Mawar
""")

#: One matter whose place is spelled, shortened or told of in other words.
PLACED = pairs("""
lampu jalan 3 hari mati | Kp. Baru
lampu jalan 5 hari padam | Kp. Baru

lampu jalan tiga hari mati | Kp. Baru
lampu jalan lima hari padam | Kp. Baru

PAM mati di blok a dan b | Kp. Baru
PAM mati di blok b | Kp. Baru

PAM mati di blok a/b | Kp. Baru
PAM mati di blok b | Kp. Baru

konblok copot | Jl. Gatot Subroto 4
paving pada lepas | jl gatsu

jembatan Raden Fatah retak |
jembatan raden patah mau ambruk |

banjir masuk rumah sedengkul | sinar pamulang blk g
sinar pamulang blok g kerendem | Perum Sinar Pamulang

konveksi mawar tutup, karyawan ga dibayar |
gaji saya di konveksi mawar belum dibayar, bosnya kabur |

paving gang nusa indah ngangkat kena akar | Gg. Nusa Indah
akar pohon di nusa indah bikin jalan naik |

pengemis bawa bayi di lampu merah Gondrong |
tolong ditertibkan yang ngemis di stopan gondrong |

lobang depan alfamart belum ditambal, motor jatuh |
jalan bolong depan alfa gede banget | Jl. Swadaya

lampu kebonkopi padam |
pju mati 3 tiang | Jl. Kebon Kopi 4

gaji 2 bulan belum dibayar PT Contoh Makmur |
PT Contoh Makmur nunggak gaji karyawan |

jalan bolong di jl m toha | Jl. M. Toha 4
lubang di jalan moh toha belum ditambal |

anak punk mabok tiap malam di fly over Merpati |
kolong flyover merpati tempat anak punk mabuk |

saluran mampet di perum Gondrong Mas |
got buntu, air meluap | Perum Gondrong Mas Permai

pesawat terbang rendah, bising tengah malam |
suara pesawat malam-malam ganggu tidur |

jembatan kp rawa ambrol separo | Kp. Rawa
jembatan penghubung kampung rawa putus | Kp. Rawa 4

lampu gelap di jembatan Cisadane |
pju cisadane padam, tolong |

buruh PT Sepatu Indah belum digaji |
gaji kami di sepatu indah blm dibayar2 |

lampu mati depan konter pulsa | Jl. Ambon
gelap depan konter pulsa | Jl. Otista

jl kisamaun bolong |
jl ki samaun berlubang | Jl. Ki Samaun

komplek lama ngeluh karaoke berisik | Komplek Depag
karaoke di komplek depag bising |

pos kamling bocor | Gg. Mawar
atap poskamling jebol |

kran mati di jl asy'ari |
pam ga ngalir, jalan asyari | Jl. Asyari 4

lampu PJU padam | Kutilang 12
lampu PJU padam | Kutilang 7

tolong dipangkas pohonnya, takut tumbang | Jl. Merpati 4/75
tolong dipangkas pohonnya, takut tumbang | Jl. Merpati 4/80

lampu padam di jl merpati 4/75 |
pju mati di jl merpati 4/80 |

aspal bolong | Jl. Wijaya Selatan
jalan berlubang | Jl. Wijaya Selatan 3 no 10
""")

#: Two matters of one kind, in one kelurahan, in much the same words.
OTHER = pairs("""
bpjs saya nonaktif padahal semua tetangga aktif |
bpjs saya nonaktif, ibu saya mau cuci darah |

lampu jalan mati | Jl. Kebon Kopi
lampu jalan mati | Jl. Kebon Jahe

got gang haji kotong mampet |
selokan gang haji mading buntet |

puri kartika blok k banjir |
puri beta blok k banjir |

sampah menumpuk di gg Mangga |
sampah menumpuk di gg Manggis |

lampu jalan mati di Jl. Palem | Jl. Palem 4
angsana tumbang di Jl. Palem | Jl. Palem 9

jalan rusak | Perum Gondrong Mas
jalan rusak | Perum Gondrong Jaya

loket kelurahan tutup jam 2 |
dimintain duit pas ngurus surat di kelurahan |

lubang dalam depan toko kain | Jl. Ambon 4
parkir dobel depan toko kain | Jl. Ambon

lampu jalan mati dari pos ronda ke selatan, kabel putus digigit tikus kata petugas PLN | Jl. Merdeka
tiang lampu roboh ketabrak truk pasir, kabel melintang bahaya buat anak sekolah | Jl. Merdeka

got mampet depan SDN 3 bau banget |
got mampet depan SDN 5 bau banget |

rumah bu Minah mau roboh minta bedah rumah | Gg. Bekasi
rumah pak Sarmin mau roboh minta bedah rumah | Gg. Bekasi

lampu jalan di Jl. Raden Saleh mati | Jl. Raden Saleh
lampu jalan di Jl. Raden Patah mati | Jl. Raden Patah

lampu jalan mati | Jl. Imam Bonjol depan SPBU
lampu jalan mati | Jl. Imam Bonjol depan pasar

jalan berlubang di depan toko Sinar Jaya | Jl. Ambon
trotoar depan toko Sinar Jaya dipakai jualan | Jl. Ambon

iuran sampah naik lagi | Gg. Swadaya
sampah tidak diangkut | Gg. Swadaya

got mampet di depan musholla Al Ikhlas, air item naik ke jalan, anak2 mau ngaji susah lewat | Gg. Mawar 4
got mampet di depan SD, air naik ke halaman sekolah | Jl. Ambon no 9

air pam keruh udah seminggu di blok C | Jl. Ambon 4
tagihan air pam naik tiga kali lipat di blok C | Jl. Ambon 4

SMPN 23 kekurangan meja kursi | Jl. Ambon
SMPN 28 kekurangan meja kursi | Jl. Ambon

got mampet di Gg. Mawar dari kemarin | Gg. Mawar 4
got mampet di Gg. Melati dari kemarin | Gg. Melati 4

lampu jalan mati udah 2 minggu | Jl. Ambon 9
lampu jalan mati udah 2 minggu, gelap | Jl. Kenanga 3

lampu mati di depan rumah no 17, gelap sekali | Jl. Merdeka
lampu mati di depan rumah no 388, gelap sekali | Jl. Merdeka

jalan berlubang di depan pasar, motor jatuh | Jl. Ambon
jalan berlubang dekat SD, motor jatuh | Jl. Otista

sampah menumpuk di TPS, tidak diangkut seminggu | RW 03
sampah menumpuk di pinggir kali, tidak diangkut seminggu | RW 07

ada yg buang sampah ke kali malem2 pake gerobak, kali jadi dangkal | Gg. Kenari 2
iuran sampah naik jadi 40rb tapi diangkutnya cuma seminggu sekali | Gg. Kenari 8

KTP hilang, sudah lapor polisi, di kelurahan katanya blangko kosong disuruh balik bulan depan | Kp. Cipondoh
KTP hilang, sudah lapor polisi, blangko di kelurahan kosong | Jl. Nusa Indah

KK baru belum jadi sebulan, buat daftar sekolah anak | Jl. Raden Saleh
KK belum jadi sudah dua bulan, buat daftar sekolah | Gg. Damai

bansos beras udah 3 bulan gak dapet padahal tetangga yg mampu malah dapet | kontrakan pak haji Udin
bansos beras udah 2 bulan gak dapet, katanya data gak kebaca | Gg. Pepaya

PKH ibu saya berhenti dari bulan 8 tanpa pemberitahuan | Jl. Halim
PKH saya berhenti sejak bulan 9 | Gg. Sawo

air PAM keruh kuning dan bau, tiap hari beli galon buat masak | Jl. Inpres 2
meteran air dobel tagihannya, bulan ini 700rb padahal rumah kosong | Jl. Inpres 5

depan SD tiap pagi macet total, angkot ngetem 2 lapis, minta ada petugas jam 6 | warung kopi depan SD
depan pasar tiap sore macet, angkot ngetem | pasar

galian kabel dpn tb sinar jaya |
galian kabel dpn tb maju jaya |

jalan becek | Kp. Sawah Dalam
jalan becek | Kp. Sawah Luar

kios psr anyar bocor |
kios psr kemis bocor |

got mampet | Gg. 5
got mampet | Gg. 8

got gang 3 hari ini mampet |
got gang 5 hari ini mampet |

got gang 3 bulan depan dikeruk |
got gang 5 bulan depan dikeruk |

got mampet depan SDN 3 minggu lalu |
got mampet depan SDN 5 minggu lalu |

lampu mati di depan rumah no. 17 bulan lalu | Jl. Merdeka
lampu mati di depan rumah no. 38 bulan lalu | Jl. Merdeka

banjir di rt 3 minggu lalu |
banjir di rt 5 minggu lalu |

lubang besar di jl a no 2 |
lubang di jl b no 2 |

selokan mampet | Jl. A no 2
selokan mampet | Jl. D

got mampet di blok A | Perum Griya Asri
got mampet di blok G | Perum Griya Asri

lampu PJU padam | Jl. Kutilang gg 3 no 19
lampu PJU padam | Jalan Kutilang I no 2

lampu PJU padam | Jl. Kenari IV no 3
lampu PJU padam | Jl. Kenari VII no 9

tolong dipangkas pohonnya, takut tumbang | Jl. Merpati 4/75
tolong dipangkas pohonnya, takut tumbang | Jl. Merpati 5 nomor 45

jalan rusak dan berlubang | Jl. Wijaya Selatan II
jalan rusak dan berlubang | Jl. Wijaya Selatan 3 no 10

lampu PJU padam | Griya Asri 3 blok B2 no 5
lampu PJU padam | Griya Asri 5 blok B2 no 7
""")


def told(what: Told, **changes: Value) -> Complaint:
    cells = row(description=what[0], address=what[1], **changes)
    people = tuple(cells.get(column) for column in PEOPLE)
    return Examiner(RULES, TUESDAY.date()).examine(people, GONDRONG, False)


def likely(one: Complaint, other: Complaint) -> bool:
    told, again = (tell(complaint, GONDRONG.code, TUESDAY.date(), RULES) for complaint in (one, other))
    assert Matters().likelihood(told, again) == pytest.approx(Matters().likelihood(again, told))
    return Matters().likelihood(told, again) >= LIKELY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(*pair, True) for pair in SAME + PLACED] + [(*pair, False) for pair in OTHER],
    ids=lambda what: what[0][:25] if isinstance(what, tuple) else str(what),
)
def test_one_matter_is_recognised_and_two_of_one_kind_are_not_taken_for_one(one: Told, other: Told, same: bool) -> None:
    assert likely(told(one), told(other)) == same


def test_whether_a_suggestion_still_holds_is_worked_out_once_for_what_the_two_tell() -> None:
    case, known = replace(case_of("RR-260504-0001-3", None), kelurahan=GONDRONG.code), dict[object, float]()
    says = ("got mampet depan SDN 3", "Jl. Anggrek 4"), ("got mampet depan SDN 3", "Jl. Anggrek 9"), ("uang hilang", "")
    one, same, another = ((case, replace(told(what), phones=())) for what in says)
    for other, code in ((same, Code.SIMILAR), (another, None)) * 2:
        assert relation(one, other, RULES, known) is code
    assert len(known) == 2


def test_one_text_sent_for_two_streets_is_two_matters_and_one_sent_twice_is_one() -> None:
    text = "mohon perbaikan jalan yang rusak parah, sudah banyak pengendara motor terjatuh di sini"
    assert not likely(told((text, "Jl. Melati")), told((text, "Jl. Anggrek")))
    assert not likely(told((f"{text} Jl. Melati", "")), told((f"{text} Jl. Anggrek", "")))
    assert likely(told((text, "Jl. Melati 4")), told((text, "Jl. Melati 9")))
    assert likely(told((text, "")), told((text, "")))
    assert not likely(told((text, ""), rt_rw="001/003"), told((text, ""), rt_rw="001/009"))
    assert not likely(told((text, ""), rt_rw="001/"), told((text, ""), rt_rw="002/009"))


def test_words_that_only_look_or_sound_like_things_are_none() -> None:
    often = "sudah tiga kali, 5 kali, beberapa kali, sering kali, setiap kali, pertama kali, kedua kalinya lapor"
    often += ", berkali-kali, ketiga kali"
    text = f"kami memohon, {often} sejak pukul 7, kotor sekali, diketahui selama ini, terima kasih"
    told_of = tell(told((text, "")), GONDRONG.code, TUESDAY.date(), RULES)
    assert ({*told_of.things}, {*told_of.states}) == (set[str](), {"keadaan kotor"})
    river = tell(told(("di gang 5 kali penuh sampah", "")), GONDRONG.code, TUESDAY.date(), RULES)
    assert "benda kali" in river.things


def test_two_of_no_known_category_are_not_of_one() -> None:
    one, other = (tell(told((text, ""), category=None), GONDRONG.code, TUESDAY.date(), RULES) for text in ("a", "b"))
    assert not {"kind", "kinds apart"} & dict(Matters().signs(one, other)).keys()


def test_one_that_does_not_say_where_joins_no_two_that_do() -> None:
    said = "lampu jalan mati di gg mawar", "lampu jalan mati", "lampu jalan mati di gg melati"
    tellings = [tell(told((text, "")), GONDRONG.code, TUESDAY.date(), RULES) for text in said]
    known = Matters(enumerate(tellings))
    assert all(known.likelihood(tellings[1], one) >= LIKELY for one in tellings)
    assert known.groups() == [[0, 1], [2]]


def test_neighbours_of_one_rt_tell_of_one_place_though_one_leaves_out_the_rw() -> None:
    dbd = told(("banyak yang kena dbd di rt 4", "Gg. Kali"), rt_rw="004/002")
    assert likely(dbd, told(("minta fogging rt 4", ""), rt_rw=""))
    assert not likely(dbd, told(("minta fogging rt 5", ""), rt_rw=""))


SCHOOL = "siswa dibully kakak kelas, sekolah diam saja"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((SCHOOL, "smpn 15"), (SCHOOL, "smpn 20"), False),
        (("lapak pasar becek", "pasar lama"), ("pedagang ngeluh pasar becek", "pasar anyar"), False),
        (
            ("galian kabel ditinggal gitu aja bekasnya amblas", "jl sudirman km 3"),
            ("galian pipa ditinggal gitu aja bekasnya amblas", "sudirman km 5"),
            False,
        ),
        (
            ("sopir angkot mangkal di belokan teuku umar nutup jalan", "teuku umar"),
            ("angkot ngetem di tikungan", "jl teuku cik ditiro"),
            False,
        ),
        (("lampu jalan mati 3 tiang", "sinar hati"), ("pju padam semua", "jl sinar pagi"), False),
        (("maling motor lagi di komplek", "perum cipta asri"), ("curanmor di komplek", "cipta asri blok d"), True),
        (("beton jalan patah", "jl merdeka"), ("jalan beton jl merdeka retak", ""), True),
    ],
)
def test_what_an_address_names_is_where_it_is_though_its_words_are_ordinary(one: Told, other: Told, same: bool) -> None:
    assert likely(told(one), told(other)) == same


def test_a_cause_in_one_category_and_its_effect_in_another_are_one_matter_at_one_place_only() -> None:
    dug = told(("galian kabel bikin jalan rusak dan macet", "Jl. Supratman"), category="Jalan & Drainase")
    says = "macet gara2 proyek galian"
    assert likely(dug, told((says, "Jl. Supratman 4"), category="Lalu Lintas & Parkir"))
    assert not likely(dug, told((says, "Jl. Merdeka"), category="Lalu Lintas & Parkir"))


def test_the_same_thing_weeks_later_where_nothing_says_that_it_is_there_is_another_matter() -> None:
    first, later = (told((text, "")) for text in ("sampah menggunung banyak lalat", "sampah numpuk banyak belatung"))
    one, soon, late = (
        tell(complaint, GONDRONG.code, TUESDAY.date() + timedelta(days), RULES)
        for complaint, days in ((first, 0), (later, 3), (later, 45))
    )
    assert Matters().likelihood(one, soon) >= LIKELY > Matters().likelihood(one, late)


def test_one_that_is_like_a_single_one_of_a_group_only_stays_outside() -> None:
    said = ("tps liar belakang terminal numpuk", "sampah dibuang blkg terminal, bau", "sampah rw 3 ga diangkut 5 hari")
    tellings = [tell(told((text, "")), GONDRONG.code, TUESDAY.date(), RULES) for text in said]
    assert Matters(enumerate(tellings)).groups() == [[0, 1], [2]]


_MANY = """
from tests.street import city, lines, telling
from automation.cases.same_matter import Matters
from pathlib import Path
rules = city()
told = [telling(line, rules)._replace(kelurahan="") for line in lines(Path("tests/street/work"), "groups")]
known = Matters(enumerate(told * 3))
print([sorted(known.near(one)) for one in told[:50]])
"""


@pytest.mark.long
def test_every_robot_finds_the_same_among_many_that_are_alike() -> None:
    """Words are sets, whose order is another one in each process."""
    run = partial(subprocess.run, [sys.executable, "-c", _MANY], capture_output=True, check=True)
    first, second = (run(env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in "12")
    assert first and first == second


def test_one_that_tells_little_goes_with_those_that_it_is_nearest_to() -> None:
    said = (
        ("jalan ketapang depan SDN 6 bolong", "Jl. Ketapang"),
        ("motor nyungsep di lubang depan SDN 6", ""),
        ("lubang di jl ketapang makin dalam abis hujan", "Jl. Ketapang 30"),
        ("kapan jl ketapang ditambal, sudah banyak korban", "Jl. Ketapang 8"),
    )
    tellings = [tell(told(what), GONDRONG.code, TUESDAY.date(), RULES) for what in said]
    known = Matters(enumerate(tellings))
    assert known.likelihood(tellings[1], tellings[3]) < LIKELY
    assert known.groups() == [[0, 1, 2, 3]]


GOT, AGAIN = ({"description": of[0], "address": of[1]} for of in SAME[0])
ANOTHER: dict[str, Value] = {"description": OTHER[0][1][0], "address": OTHER[0][1][1]}
PHONE = "081200001099"


def comes(town: Town, tab: str = "Gondrong", /, **changes: Value) -> str:
    return town.type(tab, row(**changes))


def suggested(town: Town) -> list[str]:
    return [event.ticket for event in town.journal if "mirip" in event.details]


def two(**changes: Value) -> tuple[Town, str, str]:
    """A complaint, and then one that tells of the same."""
    town = Town()
    first = comes(town, **GOT)
    town.sync()
    second = comes(town, name="Pak Amir", phone=PHONE, **{**AGAIN, **changes})
    town.sync()
    return town, first, second


def test_the_newer_one_says_which_older_one_it_resembles_and_what_to_do() -> None:
    town, first, second = two()
    assert town.check(first) == ""
    assert town.check(second) == (
        f"Mohon dicek – Mirip dengan {town.ticket(first)}. Bila memang satu masalah, tulis nomor itu di kolom Induk."
    )
    assert town.ticket(second), "nothing is put together, and nothing waits"
    town.sync(days=5)
    assert town.check(second)


def test_all_that_tell_of_one_matter_name_the_oldest_also_when_two_come_at_once() -> None:
    town = Town()
    first, second = comes(town, **GOT), comes(town, name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    third = comes(town, name="Wawan", phone="081200001098", **AGAIN)
    town.sync()
    assert town.check(first) == "" and all(town.ticket(first) in town.check(one) for one in (second, third))


@pytest.mark.parametrize(
    "changes",
    [
        {"received": "20/10/2026"},
        {"category": "Kesehatan"},
        {"status": "Selesai", "outcome": "Sudah"},
        ANOTHER,
        {"rt_rw": "001/009"},
    ],
    ids=["long ago", "another kind", "closed", "other words", "another RW"],
)
def test_nothing_is_said_of_what_is_another_matter(changes: dict[str, Value]) -> None:
    town = Town()
    comes(town, **{**GOT, "rt_rw": "001/002"})
    town.sync()
    second = comes(town, name="Pak Amir", phone=PHONE, **{**AGAIN, **changes})
    town.sync()
    assert "Mirip" not in town.check(second)
    assert not suggested(town)


def test_another_kelurahan_is_another_matter_and_a_tab_without_the_column_for_a_parent_gets_no_suggestions() -> None:
    for tabs, tab in ((("Gondrong", "Petir"), "Petir"), (("Gondrong",), "Gondrong")):
        town = Town(*tabs)
        if tab == "Gondrong":
            town.tabs[tab][0].remove(intake.PARENT)
        comes(town, **GOT)
        second = comes(town, tab, name="Pak Amir", phone=PHONE, **AGAIN)
        town.sync()
        assert town.check(second) == "" and not suggested(town)


def test_complaints_of_a_sensitive_category_are_never_brought_together() -> None:
    town = Town()
    comes(town, **GOT, category="Kesehatan")
    second = comes(town, name="Pak Amir", category="Kesehatan", **AGAIN)  # from the same telephone, too
    third = comes(town, name="Wawan", **ANOTHER)
    town.sync()
    assert (town.check(second), town.check(third)) == ("", "")


def write_a_parent(town: Town, first: str, second: str) -> None:
    town.set(second, intake.PARENT, town.ticket(first))


def correct(town: Town, first: str, second: str) -> None:
    town.set(second, intake.DESCRIPTION, ANOTHER["description"])
    town.set(second, intake.ADDRESS, ANOTHER["address"])


def upgrade(town: Town, first: str, second: str) -> None:
    """An older version suggested nothing; what it left is left as it is."""
    for event in town.journal:
        event.details.pop("mirip", None)  # type: ignore[attr-defined]


def make_it_sensitive(town: Town, first: str, second: str) -> None:
    jalan = replace(RULES.categories["Jalan"], sensitive=True)
    town.rules = replace(RULES, categories={**RULES.categories, "Jalan": jalan})


@pytest.mark.parametrize(
    "act",
    [
        lambda town, first, second: town.set(first, intake.STATUS, "Bukan Kewenangan"),
        lambda town, first, second: town.set(second, intake.STATUS, "Bukan Kewenangan"),
        lambda town, first, second: town.delete(first),
        write_a_parent,
        correct,
        upgrade,
        make_it_sensitive,
    ],
    ids=["older closed", "newer closed", "older deleted", "parent written", "corrected", "upgraded", "sensitive"],
)
def test_it_is_said_no_more_once_one_of_them_is_no_open_complaint_of_that_matter(
    act: Callable[[Town, str, str], object],
) -> None:
    town, first, second = two()
    assert "Mirip" in town.check(second)
    act(town, first, second)
    town.sync()
    assert "Mirip" not in town.check(second)


def test_one_telephone_for_two_matters_is_a_hint_and_for_many_it_is_none() -> None:
    town = Town()
    first = comes(town, **GOT)
    town.sync()
    second = comes(town, name="Anaknya", **ANOTHER)
    town.sync()
    assert f"Telepon yang sama juga ada di {town.ticket(first)}." in town.check(second)
    more = [
        comes(town, name="Anaknya", description=f"{what} sejak minggu lalu", address=where)
        for what, where in (
            ("sampah menumpuk", "TPS pasar"),
            ("pohon tumbang", "Jl. Otista"),
            ("jalan ambles", "Gg. 3"),
        )
    ]
    town.sync()
    assert MANY == 3
    assert [bool(town.check(one)) for one in more] == [True, False, False], "an RT head reports for the neighbours"


def test_rows_of_long_ago_and_so_many_at_once_as_in_a_first_run_are_not_compared() -> None:
    for count, received in ((2, "12/10/2026"), (MOST_AT_ONCE + 1, "23/11/2026")):
        town = Town()
        for number in range(count):
            comes(
                town,
                name=f"Warga {number}",
                phone=f"0812000{number:05}",
                received=received,
                **(ANOTHER if number else GOT),
            )
        town.sync()
        assert not suggested(town)
    last = comes(town, name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    assert town.check(last)


def test_a_new_one_is_compared_with_the_latest_so_that_it_costs_no_more_in_a_large_city(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("automation.cases.one_matter._MOST_BESIDE", 2)
    town = Town()
    for received in ("20/11/2026", "22/11/2026", "23/11/2026"):
        comes(town, name=f"Warga {received}", phone=f"081200001{received[:2]}0", received=received, **GOT)
        town.sync()
    last = comes(town, name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    at = [one.ticket for one in town.journal]
    assert f"Mirip dengan {at[-3]}" in town.check(last), at


@examples(60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([GOT, AGAIN, ANOTHER]),
            st.sampled_from(["Jalan", "Kesehatan"]),
            st.integers(0, 50),
            st.sampled_from(["", "Selesai", "Menunggu Pelapor"]),
            st.sampled_from([PHONE, "081200001021", "081200001022"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_whatever_comes_a_suggestion_names_an_older_open_case_and_the_next_cycle_finds_nothing_to_do(
    coming: list[tuple[dict[str, Value], str, int, str, str, bool]],
) -> None:
    town = Town()
    for number, (what, category, ago, status, phone, pause) in enumerate(coming):
        received = f"{town.now.date() - timedelta(days=ago):%d/%m/%Y}"
        comes(town, name=f"Warga {number}", phone=phone, category=category, received=received, status=status, **what)
        if pause:
            town.sync(days=1)
    town.sync()  # which checks that nothing is left to do
    cases = town.plan().cases
    for judged in town.plan().judged:
        named = [dict(finding.particulars)["tiket"] for finding in judged.complaint.findings if finding.column is None]
        for ticket in named:
            assert not cases[ticket].status.closed and not cases[judged.ticket].status.closed
            assert list(cases).index(ticket) < list(cases).index(judged.ticket)
            assert judged.complaint.category == "Jalan"


# Complaints that are one matter: what `Induk` may say, and who stands behind whom


NOBODYS = "RR-260504-0099-9"


def street(count: int = 3) -> tuple[Town, list[str]]:
    """So many complaints that have their tickets."""
    town = Town()
    told = [
        town.type(name=f"Warga {number}", phone=f"0812000020{number:02}", description=f"Hal nomor {number} di sini")
        for number in range(1, count + 1)
    ]
    town.sync()
    return town, told


def marry(town: Town, child: str, parent: str) -> None:
    town.set(child, intake.PARENT, town.ticket(parent))


def entries(town: Town) -> dict[str, Entry]:
    """The register's entries by the people's own note."""
    examiner = Examiner(town.rules, town.now.date())
    cases = [("here", case) for case in town.plan().cases.values()]
    made = {entry.ticket: entry for entry in make_entries(cases, {}, examiner)}
    return {identity: made[town.ticket(identity)] for identity in (f"#{n}" for n in range(1, len(made) + 1))}


def test_a_parent_counts_the_residents_and_each_child_and_grandchild_knows_it() -> None:
    town, (one, two, three, four) = street(4)
    marry(town, four, three)
    marry(town, three, one)
    town.set(two, intake.PARENT, town.ticket(one).lower().replace("-", " "))  # as people write it
    town.sync()
    assert not any(map(town.check, (one, two, three, four)))
    told = entries(town)
    assert [told[of].residents for of in (one, two, three, four)] == [4, 1, 1, 1]
    assert [told[of].parent for of in (one, two, three, four)] == ["", *[town.ticket(one)] * 3]


@pytest.mark.parametrize(
    ("written", "said"),
    [("RR-260504-0001-4", "belum terbaca"), (NOBODYS, f"nomor {NOBODYS} tidak ada di tab yang dibaca")],
)
def test_a_parent_that_is_nobodys_is_said_with_an_example_and_counts_for_nothing(written: str, said: str) -> None:
    town, (one, *_) = street()
    town.change(one, parent=written)
    assert town.check(one).startswith("Mohon dicek – Induk: ") and said in town.check(one)
    assert "Contoh: RR-260504-0001-3" in town.check(one)
    assert entries(town)[one].parent == ""


def test_in_a_circle_nobody_has_a_parent_until_one_of_them_is_cleared() -> None:
    town, (one, two, three) = street()
    marry(town, one, one)
    town.sync()
    assert "nomor laporan ini sendiri" in town.check(one)
    assert (entries(town)[one].parent, entries(town)[one].residents) == ("", 1)
    for child, parent in ((one, two), (two, three), (three, one)):
        marry(town, child, parent)
    town.sync()
    assert all("sendiri berinduk pada laporan ini" in town.check(of) for of in (one, two, three))
    assert {entry.parent for entry in entries(town).values()} == {""}
    town.change(one, parent=None)
    assert not any(map(town.check, (one, two, three))) and entries(town)[one].residents == 3
    # Who leads into a circle belongs to the one that is named.
    town.set(two, intake.PARENT, town.ticket(one))
    marry(town, one, two)
    town.sync()
    assert town.check(three) == "" and entries(town)[three].parent == town.ticket(one)


def test_a_parent_in_another_spreadsheet_is_a_parent() -> None:
    town, (one, *_) = street()
    other = Town("Cimone")
    far = other.take_in("Cimone")
    town.change(one, parent=other.ticket(far))
    assert "tidak ada di tab yang dibaca" in town.check(one)
    town.elsewhere = Elsewhere(other.plan().cases)
    town.sync()
    assert town.check(one) == ""


def test_a_child_keeps_its_status_when_its_parent_is_closed_and_is_asked_about() -> None:
    town, (one, two, _) = street()
    marry(town, two, one)
    town.set(one, intake.STATUS, "Selesai")
    town.set(one, intake.OUTCOME, "Sudah dikeruk")
    new = town.take_in(name="Pak Amir", parent=NOBODYS)
    assert [entries(town)[of].status.closed for of in (one, two)] == [True, False]
    assert town.get(two, intake.RESOLVED) is None
    assert f"Induk: {town.ticket(one)} sudah ditutup, laporan ini belum." in town.check(two)
    assert town.ticket(new) and "Induk" in town.check(new), "it keeps a new complaint from nothing"
    town.change(two, status="Selesai", outcome="Sudah dikeruk juga")
    assert town.check(two) == ""
    town.change(one, status="Ditindaklanjuti")
    assert town.check(one) == town.check(two) == ""


def case_of(ticket: str, parent: str | None) -> Case:
    content = tuple(parent if column is intake.PARENT else None for column in PEOPLE)
    return Case(ticket, TUESDAY, content, "", TUESDAY.date(), "", statuses=[(TUESDAY, Status.NEW)])


TICKETS = [str(Ticket(2026, "0504", number)) for number in range(1, 9)]


@given(st.lists(st.none() | st.integers(0, 7), min_size=8, max_size=8))
def test_whatever_is_written_every_case_has_one_root_and_every_resident_is_counted_once(
    parents: list[int | None],
) -> None:
    above_it = [None if parent is None else TICKETS[parent] for parent in parents]
    found = families({ticket: case_of(ticket, above) for ticket, above in zip(TICKETS, above_it, strict=True)})
    for number, ticket in enumerate(TICKETS):
        way = [number]
        while (above := parents[way[-1]]) is not None and above not in way:
            way.append(above)
        above = parents[way[-1]]
        ends = way[way.index(above)] if above is not None else way[-1]  # where the circle is entered, or the top
        assert found.roots.get(ticket, ticket) == TICKETS[ends]
    assert not set(found.roots) & set(found.residents), "a root has no parent"
    alone = len(TICKETS) - len(set(found.roots) | set(found.residents))
    assert sum(found.residents.values()) + alone == len(TICKETS)


def test_a_long_line_is_followed_to_its_end_in_bearable_time() -> None:
    line = [str(Ticket(2026, "0504", number)) for number in range(1, 5001)]
    cases = {ticket: case_of(ticket, above) for ticket, above in zip(line, [None, *line], strict=False)}
    assert families(cases).residents[line[0]] == 5000


def test_the_register_says_who_belongs_to_whom_across_spreadsheets(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",), "Timur": ("Cimone",)})
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.sync()
    yati = city.tickets("Barat")["yati"]
    city.type(
        "Timur", "Cimone", {NOTE: "amir", intake.NAME: "Pak Amir", intake.PHONE: "081200001022", intake.PARENT: yati}
    )
    city.sync()
    amir = city.tickets("Timur", "Cimone")["amir"]
    assert city.column("Timur", "Cimone", "Pemeriksaan") == [None]
    assert {ticket: row["Induk"] for ticket, row in city.register().items()} == {yati: None, amir: yati}
    assert "Induk" in city.rows("Kendali", "Rekap")[0]


# What the register knows of a case beyond its row


def test_the_history_of_a_case_is_every_status_and_since_when() -> None:
    town, identity, _ = ticketed()
    begun = town.now
    for status in ("Diverifikasi", "Selesai", "Ditindaklanjuti"):
        town.change(identity, status=status, days=1)
    (entry,) = entries(town).values()
    assert [status for _, status in entry.history] == [Status.NEW, Status.VERIFIED, Status.RESOLVED, Status.IN_PROGRESS]
    assert [(at - begun).days for at, _ in entry.history] == [0, 1, 2, 3]
    assert entry.closed_at is None


@pytest.mark.parametrize(
    ("people", "alike"),
    [
        (
            [("Ibu Yati", "081200001021", "x"), ("Yati", "0812-0000-1021", "y"), ("Amir", "081200001022", "z")],
            (0, 0, 2),
        ),
        ([("Ibu Yati", None, "Gg. Mawar no 4"), ("ibu yati", None, "gg. mawar no 4")], (0, 0)),
        ([("Ibu Yati", None, "Gg. Mawar no 4"), ("Ibu Yati", None, "Gg. Melati no 9")], (0, 1)),
        ([("A", "081200001021", "x"), ("B", "081200001022", "x"), ("C", "081200001023", "x")], (0, 1, 2)),
    ],
    ids=["one telephone", "name and address", "another address", "a number tells nothing of them"],
)
def test_reporters_are_told_apart_by_telephone_else_by_name_and_address(
    people: list[tuple[str, str | None, str]], alike: tuple[int, ...]
) -> None:
    town = Town()
    for number, (name, phone, address) in enumerate(people):
        told = f"lampu jalan nomor {number} mati di gang"
        town.type(name=name, phone=phone, address=address, channel="Datang Langsung", description=told)
    town.sync()
    numbers = [entry.reporter for entry in entries(town).values()]
    assert [numbers.index(number) for number in numbers] == list(alike)
    assert set(numbers) == set(range(len(set(numbers))))
