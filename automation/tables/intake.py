"""The table of complaints: what stands in a kelurahan's tab. The headings are names that people and programs rely on.

Tabs keep people's own columns among these, in any order. Columns of the robot stand leftmost in a new tab, so that a
column which people insert moves none of them.
"""

from __future__ import annotations

from automation.tables.table import Audience, Column, Entries, Form, Nature, Owner, Table, names

_EVERYBODY, _HELPERS, _NOBODY = Audience.EVERYBODY, Audience.HELPERS, Audience.NOBODY
_FACT, _WORDS = Nature.FACT, Nature.WORDS
_ROBOT, _VOLUNTEER, _COORDINATOR = Owner.ROBOT, Owner.VOLUNTEER, Owner.COORDINATOR

# Written by the program alone, and always worked out again from the row and the journal.
TICKET = Column(
    heading="No. Tiket",
    owner=_ROBOT,
    form=Form.TICKET,
    nature=_FACT,
    audience=_EVERYBODY,
    width=140,
    wrapped=False,  # it would make a row tall without being read there
)
CHECK = Column(
    heading="Pemeriksaan",
    owner=_ROBOT,
    form=Form.LINES,
    nature=_WORDS,
    audience=_HELPERS,
    exported=False,
    width=250,
)
DUE = Column(heading="Tenggat", owner=_ROBOT, form=Form.DATE, nature=_FACT, audience=_EVERYBODY, width=85)
LATENESS = Column(heading="Keterlambatan", owner=_ROBOT, form=Form.LINE, nature=_FACT, audience=_EVERYBODY, width=105)
RESOLVED = Column(heading="Tanggal Selesai", owner=_ROBOT, form=Form.DATE, nature=_FACT, audience=_EVERYBODY, width=85)
KABARI = Column(
    heading="Kabari",
    owner=_ROBOT,
    form=Form.LINE,
    nature=_WORDS,
    audience=_NOBODY,
    exported=False,
    optional=True,  # in a tab without it reporters are told without help
    width=165,
    wrapped=False,
)

# Typed by the volunteer who takes the complaint.
RECEIVED = Column(
    heading="Tanggal Masuk",
    owner=_VOLUNTEER,
    form=Form.DATE,
    nature=_FACT,
    audience=_EVERYBODY,
    needed=True,
    identity=True,
    width=90,
    other_names=names("""
        tanggal laporan masuk; tanggal laporan; tanggal lapor; tgl masuk; tgl laporan; tgl lapor; tanggal pengaduan;
        tanggal aduan; tgl pengaduan; tgl aduan; tanggal terima; tanggal diterima; tgl terima; waktu laporan; waktu
        lapor; hari tanggal; tanggal; tgl; timestamp; cap waktu; stempel waktu; date
    """),
)
CHANNEL = Column(
    heading="Saluran",
    owner=_VOLUNTEER,
    form=Form.ENTRY,
    nature=_FACT,
    audience=_EVERYBODY,
    entries=Entries(0, strict=True),
    needed=True,
    width=105,
    other_names=names("""
        saluran laporan; saluran pengaduan; kanal; kanal laporan; kanal pengaduan; sumber laporan; sumber pengaduan;
        sumber aduan; media laporan; media pengaduan; cara lapor; cara melapor; masuk lewat; lapor lewat; melalui;
        via; sumber; media; jalur
    """),
)
NAME = Column(
    heading="Nama Pelapor",
    owner=_VOLUNTEER,
    form=Form.LINE,
    nature=_WORDS,
    audience=_NOBODY,
    needed=True,
    identity=True,
    width=125,
    other_names=names("""
        nama pelapor; nama warga; nama pengadu; nama lengkap; nama lengkap pelapor; nama pemohon; nama; pelapor;
        pengadu; warga
    """),
)
PHONE = Column(
    heading="Telepon",
    owner=_VOLUNTEER,
    form=Form.PHONES,
    nature=_WORDS,
    audience=_NOBODY,
    identity=True,
    width=120,
    other_names=names("""
        no telepon; nomor telepon; telepon pelapor; no telp; nomor telp; telp; no tlp; tlp; no hp; nomor hp; hp; no
        handphone; nomor handphone; handphone; no wa; nomor wa; no whatsapp; nomor whatsapp; wa; no hp wa; nomor hp
        wa; no telp hp; whatsapp; no kontak; nomor kontak; kontak pelapor; kontak; phone
    """),
)
ADDRESS = Column(
    heading="Alamat",
    owner=_VOLUNTEER,
    form=Form.LINE,
    nature=_WORDS,
    audience=_NOBODY,
    identity=True,
    width=180,
    other_names=names("""
        alamat pelapor; alamat lengkap; alamat rumah; alamat warga; alamat lokasi; alamat kejadian; domisili; lokasi
        kejadian; lokasi laporan; lokasi aduan; lokasi
    """),
)
RT_RW = Column(
    heading="RT/RW",
    owner=_VOLUNTEER,
    form=Form.RT_RW,
    nature=_WORDS,
    audience=_HELPERS,
    identity=True,
    width=70,
    other_names=names("rt dan rw; rt rw pelapor"),
)
CATEGORY = Column(
    heading="Kategori",
    owner=_VOLUNTEER,
    form=Form.ENTRY,
    nature=_FACT,
    audience=_EVERYBODY,
    entries=Entries(1, strict=True),
    needed=True,
    width=150,
    other_names=names("""
        kategori laporan; kategori pengaduan; kategori aduan; kategori masalah; jenis laporan; jenis pengaduan;
        jenis aduan; jenis masalah; jenis keluhan; bidang; topik; jenis
    """),
)
PRIORITY = Column(
    heading="Prioritas",
    owner=_VOLUNTEER,
    form=Form.ENTRY,
    nature=_FACT,
    audience=_EVERYBODY,
    entries=Entries(2, strict=True),
    width=90,
    other_names=names("tingkat prioritas; urgensi; tingkat urgensi"),
)
DESCRIPTION = Column(
    heading="Uraian",
    owner=_VOLUNTEER,
    form=Form.LINES,
    nature=_WORDS,
    audience=_HELPERS,
    needed=True,
    identity=True,
    width=300,
    other_names=names("""
        isi laporan; isi pengaduan; isi aduan; isi keluhan; uraian laporan; uraian pengaduan; uraian masalah; uraian
        keluhan; deskripsi laporan; deskripsi pengaduan; deskripsi; detail laporan; keluhan; keluhan warga; aduan;
        pengaduan; permasalahan; masalah; laporan warga; laporan; isi; perihal; judul laporan; judul; keterangan
    """),
)
OFFICER = Column(
    heading="Petugas",
    owner=_VOLUNTEER,
    form=Form.LINE,
    nature=_WORDS,
    audience=_HELPERS,
    width=95,
    other_names=names("""
        petugas penerima; nama petugas; penerima laporan; penerima; nama relawan; relawan; diterima oleh; dicatat
        oleh; pencatat; operator
    """),
)
KELURAHAN = Column(
    heading="Kelurahan",
    owner=_VOLUNTEER,
    form=Form.PLACE,
    nature=_FACT,
    audience=_EVERYBODY,
    entries=Entries(5, strict=False),
    optional=True,  # a tab without it serves the one kelurahan that it is named after
    in_new_tabs=False,
    other_names=names("nama kelurahan; kelurahan desa; desa kelurahan; desa; kel"),
)

# Typed by the coordinator who follows the case.
STATUS = Column(
    heading="Status",
    owner=_COORDINATOR,
    form=Form.ENTRY,
    nature=_FACT,
    audience=_EVERYBODY,
    entries=Entries(3, strict=True),
    width=140,
    other_names=names("""
        status laporan; status pengaduan; status aduan; status tindak lanjut; status penanganan; progres; progress
    """),
)
ASSIGNEE = Column(
    heading="Penanggung Jawab",
    owner=_COORDINATOR,
    form=Form.LINE,
    nature=_WORDS,
    audience=_EVERYBODY,
    entries=Entries(4, strict=False),
    width=140,
    other_names=names("penanggungjawab; pic; pj; ditangani oleh"),
)
OUTCOME = Column(
    heading="Hasil Tindak Lanjut",
    owner=_COORDINATOR,
    form=Form.LINES,
    nature=_WORDS,
    audience=_HELPERS,
    width=260,
    other_names=names("""
        tindak lanjut; hasil; penyelesaian; tanggapan; jawaban; respon; solusi; tindakan; keterangan tindak lanjut
    """),
)
TOLD = Column(
    heading="Dikabari",
    owner=_COORDINATOR,
    form=Form.LINE,
    nature=_WORDS,
    audience=_EVERYBODY,
    other_names=names("sudah dikabari; kabar ke pelapor; konfirmasi ke pelapor"),
)
PARENT = Column(
    heading="Induk",
    owner=_COORDINATOR,
    form=Form.TICKET,
    nature=_FACT,
    audience=_EVERYBODY,
    optional=True,  # in a tab without it each complaint is a matter of its own
    width=145,
    other_names=names("tiket induk"),
)

INTAKE = Table(
    title="",  # each tab bears its kelurahan's name
    owner=_VOLUNTEER,
    columns=(
        TICKET,
        CHECK,
        DUE,
        LATENESS,
        RESOLVED,
        KABARI,
        RECEIVED,
        CHANNEL,
        NAME,
        PHONE,
        ADDRESS,
        RT_RW,
        CATEGORY,
        PRIORITY,
        DESCRIPTION,
        OFFICER,
        KELURAHAN,
        STATUS,
        ASSIGNEE,
        OUTCOME,
        TOLD,
        PARENT,
    ),
)

ROBOT = INTAKE.of(Owner.ROBOT)
#: What people type; the program never writes here. A row is understood from these cells, in this order.
PEOPLE = INTAKE.of(Owner.VOLUNTEER, Owner.COORDINATOR)
#: Where each column stands in a tuple of PEOPLE's cells.
POSITION = {column: index for index, column in enumerate(PEOPLE)}
#: What makes a row a complaint, and the same complaint wherever it is moved. The other columns are triage: choices
#: that people change, or fill down a whole column in advance.
IDENTITY = tuple(column for column in PEOPLE if column.identity)
#: The columns that offer a list, in the order in which their lists stand in `Daftar Pilihan`.
LISTED = tuple(sorted((one for one in INTAKE if one.entries), key=lambda one: one.entries.column if one.entries else 0))
