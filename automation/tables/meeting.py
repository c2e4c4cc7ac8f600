"""The tables of Kendali that come out of a meeting: the robot lays their rows, people type beside them."""

from automation.tables.table import FACT, HELPERS, NOBODY, PEOPLE, ROBOT, WORDS, Column, Form, table

#: What is wrong in a row that people typed; present where `setup` has made the column.
CHECK = Column("Pemeriksaan", ROBOT, Form.LINE, WORDS, HELPERS, 320, wrapped=True)

#: Those decisions, and those states of a proposal, that the program handles in a special way.
LETTER, PROPOSAL, LATER = "Surat ke Dinas", "Usulan Pokir", "Tunda"
PREPARED, SENT_BACK, REFUSED, BUILT = "Disiapkan", "Dikembalikan", "Ditolak", "Selesai"
_DECIDED = (LETTER, "Sidak", "Rapat Dengar Pendapat", PROPOSAL, "Jawab Warga", LATER, "Tutup")
_STATES = (PREPARED, "Diusulkan", SENT_BACK, REFUSED, "Diteruskan", "Dianggarkan", BUILT)

#: What a meeting decides: the robot lays a row for each matter, beside which people type the outcome.
DECISIONS = table(
    "Keputusan",
    Column("Nomor", ROBOT, Form.LINE, FACT, HELPERS, 170),
    Column("Perkara", ROBOT, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    Column("Tiket", ROBOT, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    Column("Kelurahan", ROBOT, Form.LINE, FACT, HELPERS),
    Column("Umur", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    Column("Keputusan", PEOPLE, Form.ENTRY, FACT, HELPERS, 170, options=_DECIDED),
    Column("Siapa", PEOPLE, Form.LINE, FACT, HELPERS),
    Column("Sebelum", PEOPLE, Form.DATE, FACT, HELPERS, 110),
    Column("Catatan", PEOPLE, Form.LINE, WORDS, NOBODY, 260, wrapped=True),
    Column("Instansi", PEOPLE, Form.LINE, FACT, HELPERS, 200),
    Column("Nomor Surat", PEOPLE, Form.LINE, FACT, HELPERS),
    Column("Tanggal Surat", PEOPLE, Form.DATE, FACT, HELPERS, 110),
    Column("Jawaban", PEOPLE, Form.LINE, WORDS, NOBODY, 260, wrapped=True),
    Column("Tanggal Jawaban", PEOPLE, Form.DATE, FACT, HELPERS, 110),
    CHECK,
    filtered=True,
)
#: Proposals for the budget, field by field as SIPD asks for them; the decision `Usulan Pokir` begins a row.
PROPOSALS = table(
    "Usulan",
    Column("Nomor", ROBOT, Form.LINE, FACT, HELPERS, 170),
    Column("Tiket", ROBOT, Form.LINE, FACT, HELPERS, 240, wrapped=True),
    Column("Kelurahan", ROBOT, Form.LINE, FACT, HELPERS),
    Column("Kecamatan", ROBOT, Form.LINE, FACT, HELPERS),
    Column("Dapil", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    Column("Judul Kamus", PEOPLE, Form.LINE, WORDS, NOBODY, 240, wrapped=True),
    Column("Masalah", PEOPLE, Form.LINE, WORDS, NOBODY, 300, wrapped=True),
    Column("Alamat", PEOPLE, Form.LINE, WORDS, NOBODY, 240, wrapped=True),
    Column("Koordinat", PEOPLE, Form.LINE, WORDS, NOBODY),
    Column("Volume", PEOPLE, Form.LINE, FACT, HELPERS, 90),
    Column("Satuan", PEOPLE, Form.LINE, FACT, HELPERS, 90),
    Column("SKPD", PEOPLE, Form.LINE, FACT, HELPERS, 200),
    Column("Status Tanah", PEOPLE, Form.LINE, WORDS, NOBODY),
    Column("Foto", PEOPLE, Form.LINE, WORDS, NOBODY, 240),
    Column("Pengusul", PEOPLE, Form.LINE, FACT, HELPERS, 160),
    Column("Dapil Pengusul", PEOPLE, Form.LINE, FACT, HELPERS, 110),
    Column("Tahun", PEOPLE, Form.LINE, FACT, HELPERS, 80),
    Column("Keadaan", PEOPLE, Form.ENTRY, FACT, HELPERS, 120, options=_STATES),
    Column("Alasan", PEOPLE, Form.LINE, WORDS, NOBODY, 260, wrapped=True),
    CHECK,
    filtered=True,
)
