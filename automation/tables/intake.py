"""The table of complaints: the columns of a kelurahan's tab. The headings are names that people and programs rely on.

People may keep columns of their own among these, in any order. A new tab begins with what is needed first on a small
screen: the ticket and what is wrong, both narrow, then what is typed, in the order in which people tell it. Columns
that only the robot writes, and nobody waits for, stand at the right. A tab without `Kelurahan` serves the one that it
is named after; without `Induk` each complaint is a matter of its own; without `Kabari` reporters are told without help;
without `Judul` summaries are made of descriptions. `Nomor Asal` and `Rahasia` are there if rows have them.
"""

from collections.abc import Mapping
from functools import partial

from automation.tables.table import EVERYBODY, FACT, HELPERS, NOBODY, WORDS, Column, Form, Owner, Table, names

_ROBOT, _VOLUNTEER, _COORDINATOR = Owner
_column = partial(Column, wrapped=True)  # in a tab of complaints, text continues on further lines

# Written by the program alone, and always worked out anew from the row and the journal.
TICKET = _column("No. Tiket", _ROBOT, Form.TICKET, FACT, EVERYBODY, width=115, wrapped=False)
CHECK = _column("Pemeriksaan", _ROBOT, Form.LINES, WORDS, HELPERS, width=145)
DUE = _column("Tenggat", _ROBOT, Form.DATE, FACT, EVERYBODY, width=85)
LATENESS = _column("Keterlambatan", _ROBOT, Form.LINE, FACT, EVERYBODY, width=105)
RESOLVED = _column("Tanggal Selesai", _ROBOT, Form.DATE, FACT, EVERYBODY, width=85)
KABARI = _column("Kabari", _ROBOT, Form.LINE, WORDS, NOBODY, optional=True, width=165, wrapped=False)

# Typed by the volunteer who takes the complaint.
RECEIVED = _column(
    "Tanggal Masuk", _VOLUNTEER, Form.DATE, FACT, EVERYBODY, needed=True, identity=True, width=90,
    other_names=names("""tanggal laporan masuk; tanggal laporan; tanggal lapor; tgl masuk; tgl laporan; tgl lapor;
        tanggal pengaduan; tanggal aduan; tgl pengaduan; tgl aduan; tanggal terima; tanggal diterima; tgl terima; waktu
        laporan; waktu lapor; tanggal keluhan; tgl keluhan; tanggal input; tgl input; tanggal dibuat; tanggal kunjungan;
        hari tanggal; hari tgl; tanggal; tgl; tgl jam; tanggal jam; timestamp; cap waktu; stempel waktu; date; created
        at; date received; received date; date reported; report date; reported on; submitted at; date submitted;
        received"""),
)  # fmt: skip
CHANNEL = _column(
    "Saluran", _VOLUNTEER, Form.ENTRY, FACT, EVERYBODY, entries=0, needed=True, width=105,
    other_names=names("""saluran laporan; saluran pengaduan; kanal; kanal laporan; kanal pengaduan; kanal aduan; sumber
        laporan; sumber pengaduan; sumber aduan; media laporan; media pengaduan; cara lapor; cara melapor; masuk lewat;
        lapor lewat; melalui; via; sumber; media; jalur; channel; source; reported via"""),
)  # fmt: skip
NAME = _column(
    "Nama Pelapor", _VOLUNTEER, Form.LINE, WORDS, NOBODY, exported=True, needed=True, identity=True, width=125,
    other_names=names("""nama pelapor; nama anda; nama warga; nama pengadu; nama lengkap; nama lengkap pelapor; nama
        pemohon; nama; pelapor; pengadu; warga; siapa nama; pengirim; disampaikan oleh; dilaporkan oleh; pengusul; nama
        penelpon; nama penelepon; penelpon; penelepon; name; your name; full name; reported by; reporter; reporter name;
        complainant; complainant name; contact name"""),
)  # fmt: skip
PHONE = _column(
    "Telepon", _VOLUNTEER, Form.PHONES, WORDS, NOBODY, exported=True, identity=True, width=120,
    other_names=names("""no telepon; nomor telepon; telepon pelapor; no telp; nomor telp; telp; no tlp; tlp; no hp;
        nomor hp; hp; no handphone; nomor handphone; handphone; no wa; nomor wa; no whatsapp; nomor whatsapp; wa; no hp
        wa; nomor hp wa; no telp hp; whatsapp; no kontak; nomor kontak; kontak pelapor; kontak; hp wa; contact; phone;
        hp pelapor; wa pelapor; phone number; mobile; mobile number; contact number"""),
)  # fmt: skip
ADDRESS = _column(
    "Alamat", _VOLUNTEER, Form.LINE, WORDS, NOBODY, exported=True, identity=True, width=180,
    other_names=names("""alamat pelapor; alamat lengkap; alamat lengkap pelapor; alamat rumah; alamat warga; alamat
        lokasi; alamat kejadian; domisili; lokasi kejadian; lokasi laporan; lokasi aduan; lokasi masalah; lokasi
        keluhan; lokasi; tempat kejadian; tempat; di mana; dimana; dmn; address; location; no rumah; nomor rumah;
        street; complaint location"""),
)  # fmt: skip
_RT_NAMES = names("rt dan rw; rt rw pelapor")
RT_RW = _column(
    "RT/RW", _VOLUNTEER, Form.RT_RW, WORDS, HELPERS, exported=True, identity=True, width=70, other_names=_RT_NAMES
)
CATEGORY = _column(
    "Kategori", _VOLUNTEER, Form.ENTRY, FACT, EVERYBODY, entries=1, needed=True, width=150,
    other_names=names("""kategori laporan; kategori pengaduan; kategori aduan; kategori masalah; jenis laporan; jenis
        pengaduan; jenis aduan; jenis masalah; jenis keluhan; jenis aspirasi; bidang; topik; jenis; tentang apa;
        category; complaint category; complaint type; issue type"""),
)  # fmt: skip
PRIORITY = _column(
    "Prioritas", _VOLUNTEER, Form.ENTRY, FACT, EVERYBODY, entries=2, width=90,
    other_names=names("tingkat prioritas; urgensi; tingkat urgensi; seberapa mendesak; priority; urgency"),
)  # fmt: skip
DESCRIPTION = _column(
    "Uraian", _VOLUNTEER, Form.LINES, WORDS, HELPERS, exported=True, needed=True, identity=True, width=300,
    other_names=names("""isi laporan; isi pengaduan; isi aduan; isi keluhan; uraian laporan; uraian pengaduan; uraian
        masalah; uraian keluhan; uraian aduan; uraian singkat; ceritakan masalah; deskripsi laporan; deskripsi
        pengaduan; deskripsi; detail laporan; keluhan; keluhan warga; aduan; pengaduan; permasalahan; masalah; laporan
        warga; laporan; aspirasi; isi; pesan; usulan; perihal; description; complaint; kronologi; apa yang terjadi;
        judul laporan; judul; keterangan; complaint details; details; issue; problem"""),
)  # fmt: skip
OFFICER = _column(
    "Petugas", _VOLUNTEER, Form.LINE, WORDS, HELPERS, exported=True, width=95,
    other_names=names("""petugas penerima; nama petugas; penerima laporan; penerima; nama relawan; relawan; diterima
        oleh; dicatat oleh; pencatat; operator; received by; recorded by; taken by"""),
)  # fmt: skip
KELURAHAN = _column(
    "Kelurahan", _VOLUNTEER, Form.PLACE, FACT, EVERYBODY, entries=5, optional=True, in_new_tabs=False,
    other_names=names("kelurahan kejadian; kelurahan lokasi; nama kelurahan; kelurahan desa; desa; kel; village"),
)  # fmt: skip
#: The complaint's number in the system it came from, where its reporter is answered; imports recognise its row by that.
ORIGIN = _column(
    "Nomor Asal", _VOLUNTEER, Form.LINE, WORDS, HELPERS, exported=True, optional=True, in_new_tabs=False,
    other_names=names("""tracking id; id laporan; nomor laporan; no laporan; kode laporan; id aduan; nomor aduan; no
        aduan; kode aduan; nomor pengaduan; no pengaduan; id pengaduan; kode pengaduan; kode registrasi; no registrasi;
        nomor registrasi; no tiket; nomor tiket; kode tiket; id tiket; ticket id; id; ticket number; complaint id;
        complaint no; complaint number; case id; case number; reference number"""),
)  # fmt: skip
#: Whether secrecy was promised to the reporter: then nothing of the case is told, whatever its category.
SECRET = _column(
    "Rahasia", _VOLUNTEER, Form.YES_NO, FACT, HELPERS, exported=True, optional=True, in_new_tabs=False, width=80,
    other_names=names("laporan rahasia; laporan dirahasiakan; rahasiakan laporan; aduan rahasia; bersifat rahasia"),
)  # fmt: skip

# Typed by the coordinator who follows the case.
STATUS = _column(
    "Status", _COORDINATOR, Form.ENTRY, FACT, EVERYBODY, entries=3, width=140,
    other_names=names("""status laporan; status pengaduan; status aduan; status tindak lanjut; status penanganan; status
        penyelesaian; progres; progress; complaint status"""),
)  # fmt: skip
ASSIGNEE = _column(
    "Penanggung Jawab", _COORDINATOR, Form.LINE, WORDS, EVERYBODY, entries=4, width=140,
    other_names=names("penanggungjawab; pic; pj; ditangani oleh; assigned to; handled by; person in charge"),
)  # fmt: skip
OUTCOME = _column(
    "Hasil Tindak Lanjut", _COORDINATOR, Form.LINES, WORDS, HELPERS, exported=True, width=260,
    other_names=names("""tindak lanjut; hasil; penyelesaian; tanggapan; jawaban; respon; solusi; tindakan; keterangan
        tindak lanjut; resolution; action taken; outcome"""),
)  # fmt: skip
_TOLD_NAMES = names("sudah dikabari; kabar ke pelapor; konfirmasi ke pelapor")
TOLD = _column("Dikabari", _COORDINATOR, Form.LINE, WORDS, EVERYBODY, other_names=_TOLD_NAMES)
DONE = _column(
    "Selesai Pada", _COORDINATOR, Form.DATE, FACT, EVERYBODY, optional=True, width=90,
    other_names=names("""tanggal selesai; tgl selesai; selesai tanggal; tanggal penyelesaian; tanggal ditutup; tanggal
        tutup; tgl penyelesaian; tgl tuntas; tanggal tuntas; tgl tutup; tgl ditutup; tanggal close; closed date; date
        closed; closed at; resolved at; closed on; closing date; date resolved; resolution date"""),
)  # fmt: skip
DATE_RIGHT = _column("Tanggal Benar", _COORDINATOR, Form.YES_NO, FACT, EVERYBODY, optional=True, width=90)
PARENT = _column("Induk", _COORDINATOR, Form.TICKET, FACT, EVERYBODY, optional=True, width=145, imported=False)
TITLE = _column(
    "Judul", _COORDINATOR, Form.LINE, WORDS, EVERYBODY, optional=True, in_new_tabs=False, width=200, imported=False
)

INTAKE = Table(
    name="",  # each tab bears its kelurahan's name
    columns=(
        *(TICKET, CHECK),
        *(DESCRIPTION, ADDRESS, RT_RW, NAME, PHONE, CATEGORY, PRIORITY, CHANNEL, RECEIVED, OFFICER, KELURAHAN),
        *(ORIGIN, SECRET),
        *(STATUS, ASSIGNEE, OUTCOME, TOLD, PARENT, DONE, DATE_RIGHT, TITLE),
        *(DUE, LATENESS, RESOLVED, KABARI),
    ),
)

ROBOT = INTAKE.of(Owner.ROBOT)
VOLUNTEER = INTAKE.of(Owner.VOLUNTEER)
COORDINATOR = INTAKE.of(Owner.COORDINATOR)
#: The columns in which people type; the program never writes there. A row is read from these cells, in this order.
PEOPLE = VOLUNTEER + COORDINATOR
#: The position of each column in a tuple of PEOPLE's cells, by its heading.
POSITION: Mapping[str, int] = {column: index for index, column in enumerate(PEOPLE)}
#: The columns that make a row a complaint, and identify it wherever it is moved. The others are triage: choices that
#: people change, or fill in down a whole column in advance.
IDENTITY = tuple(column for column in PEOPLE if column.identity)
#: The columns that offer a list, in the order in which their lists stand in `Daftar Pilihan`.
LISTED = tuple(one for _, one in sorted((one.entries, one) for one in INTAKE.columns if one.entries is not None))
