"""The tables of Kendali that come out of a meeting: the robot lays their rows, people type beside them. Also how a
column of Kendali is declared."""

from typing import Any

from automation.tables.table import Audience, Column, Form, Nature, Owner, Table

PEOPLE, ROBOT = Owner.COORDINATOR, Owner.ROBOT
FACT, WORDS = Nature
EVERYBODY, HELPERS, NOBODY = Audience


def column(
    heading: str,
    owner: Owner,
    form: Form,
    nature: Nature,
    audience: Audience,
    width: int = 130,
    *,
    wrapped: bool = False,
    **more: Any,
) -> Column:
    """A column of Kendali: as wide as it needs to be, on one line."""
    return Column(heading, owner, form, nature, audience, width=width, wrapped=wrapped, **more)


def table(name: str, *columns: Column, **more: bool) -> Table:
    """A table of Kendali."""
    return Table(name=name, columns=columns, **more)


#: What is wrong in a row that people typed; present where `setup` has made the column.
CHECK = column("Pemeriksaan", ROBOT, Form.LINE, WORDS, HELPERS, 320, wrapped=True)

#: Those decisions, and those states of a proposal, that the program handles in a special way.
LETTER, PROPOSAL, LATER = "Surat ke Dinas", "Usulan Pokir", "Tunda"
PREPARED, SENT_BACK, REFUSED, BUILT = "Disiapkan", "Dikembalikan", "Ditolak", "Selesai"

#: What a meeting decides: the robot lays a row for each matter, beside which people type the outcome.
DECISIONS = table(
    "Keputusan",
    column("Nomor", ROBOT, Form.LINE, FACT, HELPERS, 170),
    column("Perkara", ROBOT, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    column("Tiket", ROBOT, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    column("Kelurahan", ROBOT, Form.LINE, FACT, HELPERS),
    column("Umur", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    column(
        "Keputusan", PEOPLE, Form.ENTRY, FACT, HELPERS, 170,
        options=(LETTER, "Sidak", "Rapat Dengar Pendapat", PROPOSAL, "Jawab Warga", LATER, "Tutup"),
    ),
    column("Siapa", PEOPLE, Form.LINE, FACT, HELPERS),
    column("Sebelum", PEOPLE, Form.DATE, FACT, HELPERS, 110),
    column("Catatan", PEOPLE, Form.LINE, WORDS, NOBODY, 260, wrapped=True),
    column("Instansi", PEOPLE, Form.LINE, FACT, HELPERS, 200),
    column("Nomor Surat", PEOPLE, Form.LINE, FACT, HELPERS),
    column("Tanggal Surat", PEOPLE, Form.DATE, FACT, HELPERS, 110),
    column("Jawaban", PEOPLE, Form.LINE, WORDS, NOBODY, 260, wrapped=True),
    column("Tanggal Jawaban", PEOPLE, Form.DATE, FACT, HELPERS, 110),
    CHECK,
    filtered=True,
)  # fmt: skip
#: Proposals for the budget, field by field as SIPD asks for them; the decision `Usulan Pokir` begins a row.
PROPOSALS = table(
    "Usulan",
    column("Nomor", ROBOT, Form.LINE, FACT, HELPERS, 170),
    column("Tiket", ROBOT, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    column("Kelurahan", ROBOT, Form.LINE, FACT, HELPERS),
    column("Kecamatan", ROBOT, Form.LINE, FACT, HELPERS),
    column("Dapil", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    column("Judul Kamus", PEOPLE, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    column("Masalah", PEOPLE, Form.LINE, WORDS, NOBODY, 300, wrapped=True),
    column("Alamat", PEOPLE, Form.LINE, WORDS, NOBODY, 240, wrapped=True),
    column("Koordinat", PEOPLE, Form.LINE, WORDS, NOBODY),
    column("Volume", PEOPLE, Form.LINE, FACT, HELPERS, 90),
    column("Satuan", PEOPLE, Form.LINE, FACT, HELPERS, 90),
    column("SKPD", PEOPLE, Form.LINE, FACT, HELPERS, 200),
    column("Status Tanah", PEOPLE, Form.LINE, WORDS, NOBODY),
    column("Foto", PEOPLE, Form.LINE, WORDS, NOBODY, 240),
    column("Pengusul", PEOPLE, Form.LINE, FACT, HELPERS, 160),
    column("Dapil Pengusul", PEOPLE, Form.LINE, FACT, HELPERS, 110),
    column("Tahun", PEOPLE, Form.LINE, FACT, HELPERS, 80),
    column(
        "Keadaan", PEOPLE, Form.ENTRY, FACT, HELPERS, 120,
        options=(PREPARED, "Diusulkan", SENT_BACK, REFUSED, "Diteruskan", "Dianggarkan", BUILT),
    ),
    column("Alasan", PEOPLE, Form.LINE, WORDS, NOBODY, 260, wrapped=True),
    CHECK,
    filtered=True,
)  # fmt: skip
