"""What bringing in a list of 20,000 rows takes: the whole command, in a process of its own."""

import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.local_city import LocalCity

ROWS = 20_000
SECONDS, MEGABYTES = 5.0, 300
HEADINGS = (
    "Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Klasifikasi Laporan", "ID Kategori",
    "Kategori", "Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan (Anonim/Rahasia)",
    "Sumber Laporan", "Instansi Induk", "ID Instansi Terdisposisi", "Instansi Terdisposisi", "Status Laporan",
    "Alasan Tunda/Arsip", "Provinsi", "Kota/Kabupaten", "Kecamatan", "Kelurahan",
)  # fmt: skip
WORDS = (
    "jalan",
    "rusak",
    "lampu",
    "mati",
    "got",
    "mampet",
    "sampah",
    "banjir",
    "air",
    "mohon",
    "warga",
    "depan",
    "gang",
)
PLAIN = ("No", "Tanggal", "Nama", "No HP", "Alamat", "RT/RW", "Jenis", "Keluhan", "Status")


def rows_of(kind: str, dice: random.Random) -> Iterator[list[object]]:
    """An export of LAPOR!, with two texts in each row, or a list kept by hand."""
    yield [*(HEADINGS if kind == "LAPOR!" else PLAIN)]
    for at in range(ROWS):
        told = " ".join(dice.choices(WORDS, k=dice.randint(8, 120 if kind == "LAPOR!" else 25)))
        day, who, about = f"{at % 25 + 1} Nov 2026", f"Warga {at % 3000}", dice.choice(("Jalan Rusak", "PJU", "Banjir"))
        if kind == "LAPOR!":
            status = dice.choice(("Ditutup oleh Sistem", "Belum Terverifikasi", "Proses"))
            where = ("Website", "Pemerintah Kota Contoh", 1, "Dinas PU", status, "", "Banten", "Kota Tangerang", "", "")
            yield [9_000_000 + at, day, "10:41:43", who, "", 113, about, "judul", told, f"{told} .", "", *where]
        else:
            yield [at, day, who, f"0812{at:08}", f"Gg. Mawar {at % 90}", "003/007", about, told, "Proses"]


def imports_table() -> str:
    """Processor seconds and the most megabytes, by kind of list."""
    lines = [f"{'import of 20,000 rows':24}{'size MB':>9}{'CPU s':>8}{'target':>8}{'peak MB':>9}{'target':>8}"]
    for kind in ("by hand", "LAPOR!"):
        with tempfile.TemporaryDirectory() as name:
            city = LocalCity.lay_out(Path(name), {"Laporan Barat": ("Gondrong",)})
            path = Path(name) / "daftar.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(rows_of(kind, random.Random(5)))
            arguments = ["--credentials", str(city.credentials), "import", str(path), "--tab", "Gondrong", "--yes"]
            environ = {**os.environ, "PYTHONPYCACHEPREFIX": name}
            environ.pop("PYTHONDONTWRITEBYTECODE", None)
            _run([*arguments, "--dry-run"], environ)  # compiles the program, as it is wherever it has run before
            seconds, peak = _run(arguments, environ)
            size = path.stat().st_size / 1e6
            lines.append(f"{kind:24}{size:>9.1f}{seconds:>8.1f}{SECONDS:>8.1f}{peak:>9.0f}{MEGABYTES:>8}")
    return "\n".join(lines)


def _run(arguments: list[str], environ: dict[str, str]) -> tuple[float, float]:
    command = [sys.executable, "-m", "automation", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, "the list was not brought in"
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
