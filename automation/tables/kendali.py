"""The tables of Kendali, the control spreadsheet. Their titles and headings are names that people and programs rely on.

People type in `Pengaturan` to `Sumber`; the others are the robot's. People may sort `Rekap`, and keep columns of their
own there.
"""

from automation.tables import intake
from automation.tables.meeting import (
    CHECK,
    DECISIONS,
    EVERYBODY,
    FACT,
    HELPERS,
    NOBODY,
    PEOPLE,
    PROPOSALS,
    ROBOT,
    WORDS,
    column,
    table,
)
from automation.tables.table import Form, Table, names

SETTINGS = table(
    "Pengaturan",
    column("Pengaturan", PEOPLE, Form.LINE, FACT, HELPERS, 220),
    column("Nilai", PEOPLE, Form.LINE, FACT, HELPERS, 240, wrapped=True),  # each row has a form of its own
    column("Keterangan", PEOPLE, Form.LINE, WORDS, HELPERS, 560, wrapped=True),
    CHECK,
)
RECIPIENTS = table(
    "Penerima",
    column("Nama", PEOPLE, Form.LINE, WORDS, HELPERS, 180),
    column("Email", PEOPLE, Form.LINE, WORDS, NOBODY, 240),
    column("Peran", PEOPLE, Form.LINE, WORDS, HELPERS, 160),
    column("Cakupan", PEOPLE, Form.LINE, FACT, HELPERS, 190, entries=0),
    column("Kabar", PEOPLE, Form.LINE, FACT, HELPERS, 230, wrapped=True, entries=1),
    column("Kirim Walau Nihil", PEOPLE, Form.YES_NO, FACT, HELPERS, 110),
    column("Aktif", PEOPLE, Form.YES_NO, FACT, HELPERS),
    CHECK,
)
CATEGORIES = table(
    "Kategori",
    column("Kategori", PEOPLE, Form.LINE, FACT, EVERYBODY, 210),
    column("Komisi", PEOPLE, Form.LINE, FACT, EVERYBODY, 110),
    column("Instansi", PEOPLE, Form.LINE, FACT, EVERYBODY, 270, wrapped=True),
    column("Target Hari Kerja", PEOPLE, Form.NUMBER, FACT, EVERYBODY, 110),
    column("Sensitif", PEOPLE, Form.YES_NO, FACT, EVERYBODY, 90),
    CHECK,
)
PLACES = table(
    "Wilayah",
    column("Kode", PEOPLE, Form.CODE, FACT, EVERYBODY, 120),
    column("Kecamatan", PEOPLE, Form.LINE, FACT, EVERYBODY, 150),
    column("Kelurahan", PEOPLE, Form.LINE, FACT, EVERYBODY, 170),
    column("Dapil", PEOPLE, Form.LINE, FACT, EVERYBODY, 70),
    column("Koordinator", PEOPLE, Form.LINE, WORDS, HELPERS, 180),
    column("Email Koordinator", PEOPLE, Form.LINE, WORDS, NOBODY, 240),
    column("Telepon Koordinator", PEOPLE, Form.LINE, WORDS, NOBODY, 150),
    CHECK,
    filtered=True,
)
HOLIDAYS = table(
    "Libur",
    column("Tanggal", PEOPLE, Form.DATE, FACT, EVERYBODY, 110),
    column("Keterangan", PEOPLE, Form.LINE, WORDS, EVERYBODY, 360, wrapped=True),
    column("Jenis", PEOPLE, Form.ENTRY, FACT, EVERYBODY, 100, options=("Libur", "Masuk")),
    CHECK,
)
SOURCES = table(
    "Sumber",
    column("Nama", PEOPLE, Form.LINE, FACT, HELPERS, 220),
    column("Tautan", PEOPLE, Form.LINE, FACT, HELPERS, 320),
    column("Terakhir Dibaca", ROBOT, Form.LINE, FACT, HELPERS, 140),
    column("Baris", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    column("Keadaan", ROBOT, Form.LINE, FACT, HELPERS, 420, wrapped=True),
)
_KINDS = names("Kategori; Status; Saluran; Prioritas; Kelurahan; Keputusan; Keadaan; Ejaan; Ringkasan")
#: What people write, in which column, and what it means; if the note begins with RAGU, people are asked.
TERMS = table(
    "Istilah",
    column("Kata", PEOPLE, Form.LINE, FACT, EVERYBODY, 220),
    column("Kolom", PEOPLE, Form.ENTRY, FACT, EVERYBODY, 100, options=_KINDS),
    column("Arti", PEOPLE, Form.LINE, FACT, EVERYBODY, 210),
    column("Catatan", PEOPLE, Form.LINE, WORDS, EVERYBODY, 420, wrapped=True),
    CHECK,
    filtered=True,
)
#: What people want done, one wish a row, and the program's answers.
WISHES = table(
    "Permintaan",
    column("Permintaan", PEOPLE, Form.LINE, WORDS, HELPERS, 420, wrapped=True),
    column("Jawaban", ROBOT, Form.LINE, WORDS, HELPERS, 520, wrapped=True),
)
#: What people said of the headings of other lists: it applies to the next list from the same source.
PROFILES = table(
    "Profil Impor",
    column("Judul di Berkas", PEOPLE, Form.LINE, FACT, HELPERS, 420, wrapped=True),
    column("Dianggap", PEOPLE, Form.LINES, FACT, HELPERS, 420, wrapped=True),
    column("Berkas", PEOPLE, Form.LINE, FACT, HELPERS, 260),
)
#: The register of all cases, a row each. Words in it are masked and shortened, and left out for a sensitive case. What
#: a column says is worked out in ``digests/case_rows.py``, by its heading.
REGISTER = table(
    "Rekap",
    column("No. Tiket", ROBOT, Form.TICKET, FACT, EVERYBODY, 145),
    column("Kecamatan", ROBOT, Form.LINE, FACT, EVERYBODY),
    column("Kelurahan", ROBOT, Form.LINE, FACT, EVERYBODY),
    column("Dapil", ROBOT, Form.NUMBER, FACT, EVERYBODY, 60),
    column("Tanggal Masuk", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    column("Kategori", ROBOT, Form.LINE, FACT, EVERYBODY, 170),
    column("Prioritas", ROBOT, Form.LINE, FACT, EVERYBODY, 90),
    column("Status", ROBOT, Form.LINE, FACT, EVERYBODY, 150),
    column("Penanggung Jawab", ROBOT, Form.LINE, WORDS, EVERYBODY, 150),
    column("Ringkasan", ROBOT, Form.LINE, WORDS, EVERYBODY, 400, wrapped=True),
    column("Tenggat", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    column("Keterlambatan", ROBOT, Form.LINE, FACT, EVERYBODY, 180, wrapped=True),
    column("Tanggal Selesai", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    column("Dikabari", ROBOT, Form.LINE, WORDS, EVERYBODY),
    column("Tautan", ROBOT, Form.LINE, FACT, EVERYBODY, 140),
    column("Induk", ROBOT, Form.TICKET, FACT, EVERYBODY, 145),
    column("Minggu Masuk", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    column("Bulan Masuk", ROBOT, Form.LINE, FACT, EVERYBODY, 85),
    column("Umur", ROBOT, Form.NUMBER, FACT, EVERYBODY, 70),
    column("Hari Terlambat", ROBOT, Form.NUMBER, FACT, EVERYBODY, 90),
    column("Tepat Waktu", ROBOT, Form.LINE, FACT, EVERYBODY, 80),
    filtered=True,
)

#: The columns of an exported table, in order. Those that `Rekap` also has are named as there.
EXPORTED = names("""
    No. Tiket; Kecamatan; Kelurahan; Dapil; Tanggal Masuk; Tahun Masuk; Bulan Masuk; Minggu Masuk; Saluran; Kategori;
    Komisi; Instansi; Prioritas; Status; Masih Berjalan; Penanggung Jawab; Ringkasan; Tenggat; Keterlambatan; Hari
    Terlambat; Umur; Tepat Waktu; Jenjang; Tanggal Selesai; Tanggal Ditutup; Dikabari; Induk; Jumlah Warga; Baris
    Masih Ada; Tautan
""")
#: Columns that people type and that are not among those above: they follow as typed, in every table if everybody may
#: see them, otherwise only in a table with personal data.
TYPED = tuple(one for one in intake.PEOPLE if one.exported and one.heading not in EXPORTED)
REPAIRS = table(
    "Perbaikan",
    column("Kecamatan", ROBOT, Form.LINE, FACT, HELPERS),
    column("Kelurahan", ROBOT, Form.LINE, FACT, HELPERS),
    column("Baris", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    column("Pemeriksaan", ROBOT, Form.LINE, WORDS, HELPERS, 520, wrapped=True),
    column("Tautan", ROBOT, Form.LINE, FACT, HELPERS, 160),
    column("Sumber", ROBOT, Form.LINE, FACT, HELPERS, 240),
    protected=True,
    filtered=True,
)
#: The journal of a spreadsheet, hidden, which only grows: each row is an event. It is read by column position, because
#: a long event continues in the cells to the right of `Rincian`.
JOURNAL = table(
    "Riwayat",
    column("Urutan", ROBOT, Form.NUMBER, FACT, NOBODY, 80),
    column("Waktu", ROBOT, Form.LINE, FACT, NOBODY, 190),
    column("Tiket", ROBOT, Form.TICKET, FACT, NOBODY, 145),
    column("Peristiwa", ROBOT, Form.LINE, FACT, NOBODY),
    column("Rincian", ROBOT, Form.LINE, WORDS, NOBODY, 420),
    hidden=True,
    protected=True,
)
#: The copy of all journals in Kendali: the same columns behind one for the spreadsheet that an event comes from.
COPY = table(
    JOURNAL, column("Sumber", ROBOT, Form.LINE, FACT, NOBODY, 240), *JOURNAL.columns, hidden=True, protected=True
)
#: The journal of mails.
MAILS = table(
    "Kiriman",
    column("Waktu", ROBOT, Form.LINE, FACT, HELPERS, 200),
    column("Kunci", ROBOT, Form.LINE, FACT, NOBODY, 320),
    column("Jenis", ROBOT, Form.LINE, FACT, HELPERS, 110),
    column("Penerima", ROBOT, Form.LINE, WORDS, NOBODY, 240),
    column("Keadaan", ROBOT, Form.LINE, FACT, HELPERS, 300, wrapped=True),
    column("Message-ID", ROBOT, Form.LINE, FACT, NOBODY, 260),
    protected=True,
    filtered=True,
)
#: The choices in Kendali's lists; a spreadsheet's own stand in its tab of that title (see sheets/looks/lists.py).
LISTS = table(
    "Daftar Pilihan",
    column("Cakupan", ROBOT, Form.LINE, FACT, HELPERS, 220),
    column("Kabar", ROBOT, Form.LINE, FACT, HELPERS, 280, wrapped=True),
    hidden=True,
    protected=True,
)

#: The last usable content of people's tables.
LAST_VALUES = table(
    "Nilai Terakhir",
    column("Tab", ROBOT, Form.LINE, FACT, HELPERS),
    column("Isi", ROBOT, Form.LINE, WORDS, NOBODY, 420),
    hidden=True,
    protected=True,
)

#: All tables, in the order in which they are shown.
KENDALI = (
    SETTINGS, RECIPIENTS, CATEGORIES, TERMS, PLACES, HOLIDAYS, SOURCES, WISHES, PROFILES, DECISIONS, PROPOSALS,
    REGISTER, REPAIRS, COPY, MAILS, LISTS, LAST_VALUES,
)  # fmt: skip
#: A Kendali is recognised by these: its `Rekap` looks like an intake tab, but is none.
OWN = (SETTINGS, PLACES, SOURCES, REGISTER)
#: Tables whose rows the robot lays, each with an id in the first column, by which people's entries are journalled.
FILED = (DECISIONS, PROPOSALS)
#: Tables that say beside each row what is wrong with it.
CHECKED = (SETTINGS, RECIPIENTS, CATEGORIES, TERMS, PLACES, HOLIDAYS, *FILED)
TABLES: dict[str, Table] = {one: one for one in KENDALI}
HEADINGS: dict[str, tuple[str, ...]] = {one: one.headings for one in KENDALI}
#: The robot's pages, which have no headings.
GUIDE, CHARTS = "Panduan", "Grafik"
#: All tabs of a new Kendali, in the order in which they are shown.
TABS: tuple[str, ...] = (GUIDE, *(title for one in KENDALI for title in ((one, CHARTS) if one is REGISTER else (one,))))
