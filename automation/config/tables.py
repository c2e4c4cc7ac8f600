"""The tabs of Kendali and of the journal, with their headings: names that people and programs rely on."""

from __future__ import annotations

from automation.cases.events import JOURNAL, JOURNAL_HEADINGS

SETTINGS = "Pengaturan"
RECIPIENTS = "Penerima"
CATEGORIES = "Kategori"
PLACES = "Wilayah"
HOLIDAYS = "Libur"
SOURCES = "Sumber"
REGISTER = "Rekap"
REPAIRS = "Perbaikan"
MAILS = "Kiriman"

#: Tabs of Kendali in the order in which they are shown.
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
    ),
    REPAIRS: ("Kecamatan", "Kelurahan", "Baris", "Pemeriksaan", "Tautan", "Sumber"),
    JOURNAL: ("Sumber", *JOURNAL_HEADINGS),
    MAILS: ("Waktu", "Kunci", "Jenis", "Penerima", "Keadaan", "Message-ID"),
}
