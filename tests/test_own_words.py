"""Words and templates that people have edited lie over the shipped ones; a slip in them costs itself, and is told with
its file and line."""

from datetime import date
from pathlib import Path

import pytest

from automation.cli.screen import OWN, TEMPLATES, load_texts, with_own_words
from automation.digests.morning import harian
from automation.mail.render import Mail, Renderer
from automation.mail.templates import Templates
from automation.model.texts import Texts
from tests.conftest import Say
from tests.mail_examples import CITY, CITY_RULES, CONTEXT, NOW, YESTERDAY, twelve
from tests.operator_desk import Desk

pytestmark = pytest.mark.sampled(tests=4)

DAY = date(2026, 11, 26)
SHIPPED = "Kamis, 26 November 2026"


def told(texts: Texts) -> list[str]:
    return [texts.tell(problem) for problem in texts.problems]


@pytest.mark.parametrize(
    ("written", "shown", "said"),
    [
        ('[tanggal]\npanjang = "{tanggal} {bulan} {tahun}"', "26 November 2026", ""),
        ('[bulan]\n11 = "Nopember"', "Kamis, 26 Nopember 2026", ""),
        ('\ufeff[bulan]\r\n11 = "Nopember"', "Kamis, 26 Nopember 2026", ""),
        ('[bulan]\n11 = "Nopember"\n[tanggal]\npanjang = "{hari} {bulann}"', "Kamis, 26 Nopember 2026", "baris 4"),
        ('[tanggal]\npanjang = "{tanggal', SHIPPED, "baris 2"),
        ('[tanggal]\npanjang = " "', SHIPPED, "Jangan kosong"),
        ('[bulan]\n11 = ""', SHIPPED, "Jangan kosong"),
        ('[tanggal]\npanjang = "{tanggal"', SHIPPED, "baris 2"),
        ('[tanggal]\npanjang = "{tanggal:%d}"', SHIPPED, "baris 2"),
        ('[tanggal]\npanjang = "{tanggal.tahun}"', SHIPPED, "baris 2"),
        ('[tanggal]\npanjang = "{}"', SHIPPED, "baris 2"),
        ('[bulan]\n10 = "Okt\n11 = "Nopember"', "Kamis, 26 Nopember 2026", "baris 2"),
        ('[bulan]\n11 = "Nopember"\n11 = "Nov"', "Kamis, 26 Nopember 2026", "baris 3"),
        ('[bulan\n11 = "Nopember"', SHIPPED, "baris 1"),
        ('[bulan]\n11 = """Nopember', SHIPPED, "baris 2"),
        ('[bulan]\n11 = "Nopember"\n13 = "Bulan apa"', "Kamis, 26 Nopember 2026", "baris 3"),
        ('[bulan]\n11 = ["Nopember"]', SHIPPED, "baris 2"),
        ("[bulan]\n11 = “Nopember”", SHIPPED, "baris 2"),
        ('[bulan]\n11 = "Nopember\udce9"', SHIPPED, "UTF-8"),
    ],
)
def test_an_edited_entry_serves_or_costs_itself(tmp_path: Path, written: str, shown: str, said: str) -> None:
    (tmp_path / "pesan").mkdir()
    (tmp_path / "pesan" / "surat.toml").write_bytes(written.encode("utf-8", "surrogateescape"))
    texts = with_own_words(load_texts(), tmp_path)
    assert texts.long_date(DAY) == shown
    assert [said in words and "templat/pesan/surat.toml" in words for words in told(texts)] == [True] * bool(said)
    assert load_texts().long_date(DAY) == SHIPPED and not load_texts().problems


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("pesan/surat.toml.txt", "templat/pesan/surat.toml"),
        ("surat.toml", "templat/pesan/surat.toml"),
        ("harian/isi.txt.txt", "templat/harian/isi.txt"),
        ("harian/Isi.txt", "templat/harian/isi.txt"),
        ("Koordinator/isi.txt", "templat/koordinator/isi.txt"),
        ("kordinator/isi.txt", "templat/koordinator/isi.txt"),
        ("harian/isi.txt", ""),
        ("harian/isi (lama).txt", ""),
        ("pesan/surat.toml~", ""),
    ],
)
def test_a_file_that_nothing_reads_is_told_with_the_place_that_was_meant(tmp_path: Path, name: str, meant: str) -> None:
    (file := tmp_path / name).parent.mkdir(exist_ok=True)
    file.write_text("[bulan]\n11 = 'Nopember'", "utf-8")
    said = told(with_own_words(load_texts(), tmp_path))
    assert [f"templat/{name} tidak dipakai" in one and f"dimaksud {meant};" in one for one in said] == [True] * bool(
        meant
    )


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (own := tmp_path / OWN).write_text("[bulan]\n11 = 'Nopember'", "utf-8")
    (said,) = told(with_own_words(load_texts(), own))
    assert "templat adalah sebuah berkas, padahal harus folder" in said


def test_words_by_which_cells_are_recognised_go_on_beginning_with_words(tmp_path: Path) -> None:
    (tmp_path / "pesan").mkdir()
    (tmp_path / "pesan" / "tenggat.toml").write_text('terlambat = "{hari} hari kerja terlambat"', "utf-8")
    texts = with_own_words(load_texts(), tmp_path)
    assert texts.raw("tenggat.terlambat") == load_texts().raw("tenggat.terlambat") and len(told(texts)) == 1


@pytest.mark.parametrize("words", ["sudah, {tanggal}", "{kunci} – menunggu", "{kunci}: menunggu {tanggal}"])
def test_an_answer_beside_a_wish_goes_on_beginning_with_it_and_says_until_when(tmp_path: Path, words: str) -> None:
    (tmp_path / "pesan").mkdir()
    (tmp_path / "pesan" / "permintaan.toml").write_text(f'tunggu = "{words}"', "utf-8")
    texts = with_own_words(load_texts(), tmp_path)
    assert texts.raw("permintaan.tunggu") == load_texts().raw("permintaan.tunggu") and len(told(texts)) == 1


def rendered(folder: Path) -> tuple[Mail, list[str]]:
    texts = with_own_words(load_texts(), folder)
    renderer = Renderer(Templates(TEMPLATES, texts, folder))
    mails = [renderer.render("harian", harian(twelve(), (CITY,), YESTERDAY, NOW, CITY_RULES), CONTEXT) for _ in "12"]
    assert mails[0] == mails[1]
    return mails[0], told(texts)


@pytest.mark.parametrize(
    ("file", "written", "said"),
    [
        ("harian/isi.txt", "Halo", ""),
        ("harian/isi.txt", "Halo\n{{ digest.lewat }}", "baris 2"),
        ("harian/isi.txt", "Halo\n\n{% if %}", "baris 3"),
        ("harian/isi.txt", "Halo {{ 1 // 0 }}", "baris 1"),
        ("harian/isi.txt", "Halo {{ kata('surat.kasus.peka', a=1, a=2) }}", "harian/isi.txt"),
        ("harian/isi.txt", "{{ digest.picks.count + 'x' }}", "baris 1"),
        ("harian/isi.txt", "{% include 'harian/lain.txt' %}", "baris 1"),
        ("harian/isi.txt", "{% include 'harian/isi.txt' %}", "baris 1"),
        ("harian/isi.txt", "Halo \udce9", "UTF-8"),
        ("harian/isi.html", "Halo\n{{ kata('surat.tidak.ada') }}", "baris 2"),
        ("_bagian/pagi.txt", "{% macro lain() %}{% endmacro %}", "_bagian/pagi.txt"),
        ("mingguan/isi.txt", "Halo\n{% endif %}", "baris 2"),
        ("catatan.txt", "{% if %}", ""),
        ("harian/isi.txt.bak", "{% if %}", ""),
    ],
)
def test_an_edited_template_serves_or_costs_itself(tmp_path: Path, file: str, written: str, said: str) -> None:
    tmp_path /= OWN
    shipped, _ = rendered(tmp_path)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_bytes(written.encode("utf-8", "surrogateescape"))
    (tmp_path / "harian").mkdir(exist_ok=True)
    (tmp_path / "harian" / "subjek.txt").write_text("Kabar kami", "utf-8")
    mail, problems = rendered(tmp_path)
    assert mail.subject == "Kabar kami", "what is sound serves"
    assert [said in words and f"templat/{file}" in words for words in problems] == [True] * bool(said)
    used = (mail.text, mail.html) != (shipped.text, shipped.html)
    assert used == (file == "harian/isi.txt" and not said)


def test_slips_in_edited_words_stop_nothing_and_are_told(desk: Desk, say: Say) -> None:
    own = desk.folder / "templat"
    (own / "pesan").mkdir(parents=True)
    (own / "pesan" / "surat.toml").write_text('[tanggal]\npanjang = "{bulann}"\n', "utf-8")
    (own / "harian").mkdir()
    (own / "harian" / "isi.txt").write_text("{{ apa }}", "utf-8")
    said = ("templat/pesan/surat.toml, baris 2", "templat/harian/isi.txt, baris 1")
    say()
    for command in ("check", "setup"):
        assert desk.run(command) == 1
        words = say()
        assert all(one in words for one in said), command
    assert desk.run("sync") == 1 and said[0] in say()  # and so in the operator's digest
    assert desk.shown("No. Tiket")[0].startswith("RR-")
    (own / "slip").mkdir()
    (own / "slip" / "isi.html").write_text("{{ apa }}", "utf-8")
    receipt = "slip", desk.shown("No. Tiket")[0], "--output", str(desk.folder / "cetak")
    for asked, file in ((("digest", "harian", "--preview"), said[1]), (receipt, "slip/isi.html")):
        say()  # whoever looks at what they have edited sees the shipped one instead
        assert desk.run(*asked) == 0 and file in say(), asked
    (own / "slip" / "isi.html").unlink()
    assert desk.run("digest", "harian") == 0
    words = say()
    assert len([*desk.folder.glob("outbox/harian-*.eml")]) == 1 and all(one in words for one in said)
    assert "'templat/pesan/surat.toml', line=2" in desk.log() and "'templat/harian/isi.txt', line=1" in desk.log()
    (own / "pesan" / "surat.toml").unlink()
    (own / "harian" / "isi.txt").unlink()
    say()
    assert desk.run("check") == 0 and desk.run("sync") == 0 and "templat/" not in say()
