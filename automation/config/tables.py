"""The tabs of Kendali and of the journal, with their headings: names that people and programs rely on."""

from __future__ import annotations

from automation.cases.events import JOURNAL, JOURNAL_HEADINGS
from automation.cases.robot_tabs import GUIDE, LISTS

SETTINGS = "Pengaturan"
RECIPIENTS = "Penerima"
CATEGORIES = "Kategori"
PLACES = "Wilayah"
HOLIDAYS = "Libur"
SOURCES = "Sumber"
REGISTER = "Rekap"
REPAIRS = "Perbaikan"
MAILS = "Kiriman"
#: A page of the robot's, without headings; so is `GUIDE`.
CHARTS = "Grafik"

#: Tabs of Kendali that are tables.
HEADINGS: dict[str, tuple[str, ...]] = {
    SETTINGS: ("Pengaturan", "Nilai", "Keterangan"),
    RECIPIENTS: ("Nama", "Email", "Peran", "Cakupan", "Kabar", "Kirim Walau Nihil", "Aktif"),
    CATEGORIES: ("Kategori", "Komisi", "Instansi", "Target Hari Kerja", "Sensitif"),
    PLACES: ("Kode", "Kecamatan", "Kelurahan", "Dapil", "Koordinator", "Email Koordinator"),
    HOLIDAYS: ("Tanggal", "Keterangan", "Jenis"),
    SOURCES: ("Nama", "Tautan", "Terakhir Dibaca", "Baris", "Keadaan"),
    REGISTER: (
        "No. Tiket",
        "Kecamatan",
        "Kelurahan",
        "Dapil",
        "Tanggal Masuk",
        "Kategori",
        "Prioritas",
        "Status",
        "Penanggung Jawab",
        "Ringkasan",
        "Tenggat",
        "Keterlambatan",
        "Tanggal Selesai",
        "Dikabari",
        "Tautan",
        "Induk",
        "Minggu Masuk",
        "Bulan Masuk",
        "Umur",
        "Hari Terlambat",
        "Tepat Waktu",
    ),
    REPAIRS: ("Kecamatan", "Kelurahan", "Baris", "Pemeriksaan", "Tautan", "Sumber"),
    JOURNAL: ("Sumber", *JOURNAL_HEADINGS),
    MAILS: ("Waktu", "Kunci", "Jenis", "Penerima", "Keadaan", "Message-ID"),
    LISTS: ("Cakupan", "Kabar"),
}

#: All tabs of a new Kendali, in the order in which they are shown.
TABS = (
    GUIDE,
    SETTINGS,
    RECIPIENTS,
    CATEGORIES,
    PLACES,
    HOLIDAYS,
    SOURCES,
    REGISTER,
    CHARTS,
    REPAIRS,
    JOURNAL,
    MAILS,
    LISTS,
)
