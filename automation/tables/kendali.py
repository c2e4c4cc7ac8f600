"""The tables of Kendali, the control spreadsheet. Their titles and headings are names that people and programs rely on.
People type in `Pengaturan` to `Sumber`; the others are the robot's. People may sort `Rekap`, and keep columns of their
own there."""

from automation.tables import intake
from automation.tables.meeting import CHECK, DECISIONS, PROPOSALS
from automation.tables.table import EVERYBODY, FACT, HELPERS, NOBODY, PEOPLE, ROBOT, WORDS, Column, Form, names, table

SETTINGS = table(
    "Pengaturan",
    Column("Pengaturan", PEOPLE, Form.LINE, FACT, HELPERS, 220),
    Column("Nilai", PEOPLE, Form.LINE, FACT, HELPERS, 240, wrapped=True),  # each row has a form of its own
    Column("Keterangan", PEOPLE, Form.LINE, WORDS, HELPERS, 560, wrapped=True),
    CHECK,
)
RECIPIENTS = table(
    "Penerima",
    Column("Nama", PEOPLE, Form.LINE, WORDS, HELPERS, 180),
    Column("Email", PEOPLE, Form.LINE, WORDS, NOBODY, 240),
    Column("Peran", PEOPLE, Form.LINE, WORDS, HELPERS, 160),
    Column("Cakupan", PEOPLE, Form.LINE, FACT, HELPERS, 190, entries=0),
    Column("Kabar", PEOPLE, Form.LINE, FACT, HELPERS, 230, wrapped=True, entries=1),
    Column("Kirim Walau Nihil", PEOPLE, Form.YES_NO, FACT, HELPERS, 110),
    Column("Aktif", PEOPLE, Form.YES_NO, FACT, HELPERS),
    CHECK,
)
CATEGORIES = table(
    "Kategori",
    Column("Kategori", PEOPLE, Form.LINE, FACT, EVERYBODY, 210),
    Column("Komisi", PEOPLE, Form.LINE, FACT, EVERYBODY, 110),
    Column("Instansi", PEOPLE, Form.LINE, FACT, EVERYBODY, 270, wrapped=True),
    Column("Target Hari Kerja", PEOPLE, Form.NUMBER, FACT, EVERYBODY, 110),
    Column("Sensitif", PEOPLE, Form.YES_NO, FACT, EVERYBODY, 90),
    CHECK,
)
PLACES = table(
    "Wilayah",
    Column("Kode", PEOPLE, Form.CODE, FACT, EVERYBODY, 120),
    Column("Kecamatan", PEOPLE, Form.LINE, FACT, EVERYBODY, 150),
    Column("Kelurahan", PEOPLE, Form.LINE, FACT, EVERYBODY, 170),
    Column("Dapil", PEOPLE, Form.LINE, FACT, EVERYBODY, 70),
    Column("Koordinator", PEOPLE, Form.LINE, WORDS, HELPERS, 180),
    Column("Email Koordinator", PEOPLE, Form.LINE, WORDS, NOBODY, 240),
    Column("Telepon Koordinator", PEOPLE, Form.LINE, WORDS, NOBODY, 150),
    CHECK,
    filtered=True,
)
HOLIDAYS = table(
    "Libur",
    Column("Tanggal", PEOPLE, Form.DATE, FACT, EVERYBODY, 110),
    Column("Keterangan", PEOPLE, Form.LINE, WORDS, EVERYBODY, 360, wrapped=True),
    Column("Jenis", PEOPLE, Form.ENTRY, FACT, EVERYBODY, 100, options=("Libur", "Masuk")),
    CHECK,
)
SOURCES = table(
    "Sumber",
    Column("Nama", PEOPLE, Form.LINE, FACT, HELPERS, 220),
    Column("Tautan", PEOPLE, Form.LINE, FACT, HELPERS, 320),
    Column("Terakhir Dibaca", ROBOT, Form.LINE, FACT, HELPERS, 140),
    Column("Baris", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    Column("Keadaan", ROBOT, Form.LINE, FACT, HELPERS, 420, wrapped=True),
)
_KINDS = names("Kategori; Status; Saluran; Prioritas; Kelurahan; Keputusan; Keadaan; Ejaan; Ringkasan")
#: What people write, in which column, and what it means; if the note begins with RAGU, people are asked.
TERMS = table(
    "Istilah",
    Column("Kata", PEOPLE, Form.LINE, FACT, EVERYBODY, 220),
    Column("Kolom", PEOPLE, Form.ENTRY, FACT, EVERYBODY, 100, options=_KINDS),
    Column("Arti", PEOPLE, Form.LINE, FACT, EVERYBODY, 210),
    Column("Catatan", PEOPLE, Form.LINE, WORDS, EVERYBODY, 420, wrapped=True),
    CHECK,
    filtered=True,
)
#: What people want done, one wish a row, and the program's answers.
WISHES = table(
    "Permintaan",
    Column("Permintaan", PEOPLE, Form.LINE, WORDS, HELPERS, 420, wrapped=True),
    Column("Jawaban", ROBOT, Form.LINE, WORDS, HELPERS, 520, wrapped=True),
)
#: What people said of the headings of other lists: it applies to the next list from the same source.
PROFILES = table(
    "Profil Impor",
    Column("Judul di Berkas", PEOPLE, Form.LINE, FACT, HELPERS, 420, wrapped=True),
    Column("Dianggap", PEOPLE, Form.LINES, FACT, HELPERS, 420, wrapped=True),
    Column("Berkas", PEOPLE, Form.LINE, FACT, HELPERS, 260),
)
#: The register of all cases, a row each. Words in it are masked and shortened, and left out for a sensitive case. What
#: a column says is worked out in ``digests/case_rows.py``, by its heading.
REGISTER = table(
    "Rekap",
    Column("No. Tiket", ROBOT, Form.TICKET, FACT, EVERYBODY, 145),
    Column("Kecamatan", ROBOT, Form.LINE, FACT, EVERYBODY),
    Column("Kelurahan", ROBOT, Form.LINE, FACT, EVERYBODY),
    Column("Dapil", ROBOT, Form.NUMBER, FACT, EVERYBODY, 60),
    Column("Tanggal Masuk", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    Column("Kategori", ROBOT, Form.LINE, FACT, EVERYBODY, 170),
    Column("Prioritas", ROBOT, Form.LINE, FACT, EVERYBODY, 90),
    Column("Status", ROBOT, Form.LINE, FACT, EVERYBODY, 150),
    Column("Penanggung Jawab", ROBOT, Form.LINE, WORDS, EVERYBODY, 150),
    Column("Ringkasan", ROBOT, Form.LINE, WORDS, EVERYBODY, 400, wrapped=True),
    Column("Tenggat", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    Column("Keterlambatan", ROBOT, Form.LINE, FACT, EVERYBODY, 180, wrapped=True),
    Column("Tanggal Selesai", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    Column("Dikabari", ROBOT, Form.LINE, WORDS, EVERYBODY),
    Column("Tautan", ROBOT, Form.LINE, FACT, EVERYBODY, 140),
    Column("Induk", ROBOT, Form.TICKET, FACT, EVERYBODY, 145),
    Column("Minggu Masuk", ROBOT, Form.DATE, FACT, EVERYBODY, 95),
    Column("Bulan Masuk", ROBOT, Form.LINE, FACT, EVERYBODY, 85),
    Column("Umur", ROBOT, Form.NUMBER, FACT, EVERYBODY, 70),
    Column("Hari Terlambat", ROBOT, Form.NUMBER, FACT, EVERYBODY, 90),
    Column("Tepat Waktu", ROBOT, Form.LINE, FACT, EVERYBODY, 80),
    filtered=True,
)

#: The columns of an exported table, in order. Those that `Rekap` also has are named as there.
EXPORTED = names("""No. Tiket; Kecamatan; Kelurahan; Dapil; Tanggal Masuk; Tahun Masuk; Bulan Masuk; Minggu Masuk;
    Saluran; Kategori; Komisi; Instansi; Prioritas; Status; Masih Berjalan; Penanggung Jawab; Ringkasan; Tenggat;
    Keterlambatan; Hari Terlambat; Umur; Tepat Waktu; Jenjang; Tanggal Selesai; Tanggal Ditutup; Dikabari; Induk; Jumlah
    Warga; Baris Masih Ada; Tautan""")
#: Columns that people type and that are not among those above: they follow as typed, in every table if everybody may
#: see them, otherwise only in a table with personal data.
TYPED = tuple(one for one in intake.PEOPLE if one.exported and one.heading not in EXPORTED)
REPAIRS = table(
    "Perbaikan",
    Column("Kecamatan", ROBOT, Form.LINE, FACT, HELPERS),
    Column("Kelurahan", ROBOT, Form.LINE, FACT, HELPERS),
    Column("Baris", ROBOT, Form.NUMBER, FACT, HELPERS, 70),
    Column("Pemeriksaan", ROBOT, Form.LINE, WORDS, HELPERS, 520, wrapped=True),
    Column("Tautan", ROBOT, Form.LINE, FACT, HELPERS, 160),
    Column("Sumber", ROBOT, Form.LINE, FACT, HELPERS, 240),
    protected=True,
    filtered=True,
)
#: The journal of a spreadsheet, hidden, which only grows: each row is an event. It is read by column position, because
#: a long event continues in the cells to the right of `Rincian`.
JOURNAL = table(
    "Riwayat",
    Column("Urutan", ROBOT, Form.NUMBER, FACT, NOBODY, 80),
    Column("Waktu", ROBOT, Form.LINE, FACT, NOBODY, 190),
    Column("Tiket", ROBOT, Form.TICKET, FACT, NOBODY, 145),
    Column("Peristiwa", ROBOT, Form.LINE, FACT, NOBODY),
    Column("Rincian", ROBOT, Form.LINE, WORDS, NOBODY, 420),
    hidden=True,
)
#: The copy of all journals in Kendali: the same columns behind one for the spreadsheet that an event comes from.
COPY = table(JOURNAL, Column("Sumber", ROBOT, Form.LINE, FACT, NOBODY, 240), *JOURNAL.columns, hidden=True)
#: The journal of mails.
MAILS = table(
    "Kiriman",
    Column("Waktu", ROBOT, Form.LINE, FACT, HELPERS, 200),
    Column("Kunci", ROBOT, Form.LINE, FACT, NOBODY, 320),
    Column("Jenis", ROBOT, Form.LINE, FACT, HELPERS, 110),
    Column("Penerima", ROBOT, Form.LINE, WORDS, NOBODY, 240),
    Column("Keadaan", ROBOT, Form.LINE, FACT, HELPERS, 300, wrapped=True),
    Column("Message-ID", ROBOT, Form.LINE, FACT, NOBODY, 260),
    protected=True,
    filtered=True,
)
#: The choices in Kendali's lists; a spreadsheet's own stand in its tab of that title (see sheets/looks/lists.py).
LISTS = table(
    "Daftar Pilihan",
    Column("Cakupan", ROBOT, Form.LINE, FACT, HELPERS, 220),
    Column("Kabar", ROBOT, Form.LINE, FACT, HELPERS, 280, wrapped=True),
    hidden=True,
)

#: The last usable content of people's tables.
LAST_VALUES = table(
    "Nilai Terakhir",
    Column("Tab", ROBOT, Form.LINE, FACT, HELPERS),
    Column("Isi", ROBOT, Form.LINE, WORDS, NOBODY, 420),
    hidden=True,
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
#: The tables that the rules are read from; Penerima is one, as it also says whose names may be shown.
RULES = (SETTINGS, RECIPIENTS, CATEGORIES, TERMS, PLACES, HOLIDAYS)
#: Tables that say beside each row what is wrong with it.
CHECKED = (*RULES, *FILED)
TABLES = {str(one): one for one in KENDALI}
HEADINGS: dict[str, tuple[str, ...]] = {one: one.headings for one in KENDALI}
GUIDE, CHARTS = "Panduan", "Grafik"  # the robot's pages, which have no headings
#: All tabs of a new Kendali, in the order in which they are shown.
TABS: tuple[str, ...] = (GUIDE, *(title for one in KENDALI for title in ((one, CHARTS) if one is REGISTER else (one,))))
