"""The register of all cases: `Rekap` in Kendali, and the tables that `export` writes. What a column says of a case is
worked out in ``digests/case_rows.py``, by its heading."""

from __future__ import annotations

from automation.tables import intake
from automation.tables.table import Audience, Column, Form, Nature, Owner, Table, names


def _shown(heading: str, form: Form, nature: Nature, width: int = 130, *, wrapped: bool = False) -> Column:
    """A column for everybody: words in it are masked and cut, and of a sensitive case left out."""
    return Column(heading, Owner.ROBOT, form, nature, Audience.EVERYBODY, width=width, wrapped=wrapped)


_FACT, _WORDS = Nature.FACT, Nature.WORDS

#: A row a case.
REGISTER = Table(
    name="Rekap",
    filtered=True,
    columns=(
        _shown("No. Tiket", Form.TICKET, _FACT, 145),
        _shown("Kecamatan", Form.LINE, _FACT),
        _shown("Kelurahan", Form.LINE, _FACT),
        _shown("Dapil", Form.NUMBER, _FACT, 60),
        _shown("Tanggal Masuk", Form.DATE, _FACT, 95),
        _shown("Kategori", Form.LINE, _FACT, 170),
        _shown("Prioritas", Form.LINE, _FACT, 90),
        _shown("Status", Form.LINE, _FACT, 150),
        _shown("Penanggung Jawab", Form.LINE, _WORDS, 150),
        _shown("Ringkasan", Form.LINE, _WORDS, 400, wrapped=True),
        _shown("Tenggat", Form.DATE, _FACT, 95),
        _shown("Keterlambatan", Form.LINE, _FACT, 180, wrapped=True),
        _shown("Tanggal Selesai", Form.DATE, _FACT, 95),
        _shown("Dikabari", Form.LINE, _WORDS),
        _shown("Tautan", Form.LINE, _FACT, 140),
        _shown("Induk", Form.TICKET, _FACT, 145),
        _shown("Minggu Masuk", Form.DATE, _FACT, 95),
        _shown("Bulan Masuk", Form.LINE, _FACT, 85),
        _shown("Umur", Form.NUMBER, _FACT, 70),
        _shown("Hari Terlambat", Form.NUMBER, _FACT, 90),
        _shown("Tepat Waktu", Form.LINE, _FACT, 80),
    ),
)

#: The columns of an exported table, in their order. Those that `Rekap` has too are called as there.
EXPORTED = names("""
    No. Tiket; Kecamatan; Kelurahan; Dapil; Tanggal Masuk; Tahun Masuk; Bulan Masuk; Minggu Masuk; Saluran; Kategori;
    Komisi; Instansi; Prioritas; Status; Masih Berjalan; Penanggung Jawab; Ringkasan; Tenggat; Keterlambatan; Hari
    Terlambat; Umur; Tepat Waktu; Jenjang; Tanggal Selesai; Tanggal Ditutup; Dikabari; Induk; Jumlah Warga; Baris
    Masih Ada; Tautan
""")
#: What people type and no column above tells of: it follows as it was typed, in every table where everybody may see it,
#: and else only in a table with personal data.
TYPED = tuple(column for column in intake.PEOPLE if column.exported and column.heading not in EXPORTED)
