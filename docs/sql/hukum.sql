-- Open cases that have passed a clock of SP4N-LAPOR!: 3 working days for verification (nobody has set a status beyond Baru),
-- 14 for an answer, 60 where supervision is involved.
-- :hari: the day on which it is asked.
WITH terbuka AS (
    SELECT kasus.no_tiket, kini.ke - masuk.ke AS umur,
           kasus.no_tiket IN (SELECT tiket FROM riwayat_status WHERE status <> 'Baru') AS diperiksa
    FROM kasus
    JOIN hari AS masuk ON masuk.hari = kasus.tanggal_masuk
    JOIN hari AS kini ON kini.hari = :hari
    WHERE kasus.masih_berjalan = 'Ya'
)
SELECT COALESCE(SUM(umur > 3 AND NOT diperiksa), 0) AS belum_diperiksa,
       COALESCE(SUM(umur > 14 AND umur <= 60), 0) AS lewat_14,
       COALESCE(SUM(umur > 60), 0) AS lewat_60
FROM terbuka;
