-- What the resolutions of a period are worth: an outcome is written (`menurut_kami`), of these the reporter is content
-- (`dikonfirmasi`); reopened in the period, or the reporter says that it is not done (`dibuka_lagi`); resolved without an
-- outcome, which counts in none of the first two (`tanpa_hasil`). They are never added up.
-- :sesudah, :sampai: moments.
WITH terakhir AS (SELECT tiket, MAX(waktu) AS waktu FROM penutupan GROUP BY tiket),
selesai AS (
    SELECT kasus.no_tiket, kasus.hasil, kasus.jawaban
    FROM kasus JOIN terakhir ON terakhir.tiket = kasus.no_tiket
    WHERE kasus.status = 'Selesai' AND terakhir.waktu > :sesudah AND terakhir.waktu <= :sampai
)
SELECT (SELECT COUNT(*) FROM selesai WHERE hasil = 1) AS menurut_kami,
       (SELECT COUNT(*) FROM selesai WHERE hasil = 1 AND jawaban = 'puas') AS dikonfirmasi,
       (SELECT COUNT(*) FROM (
           SELECT tiket FROM pembukaan_ulang WHERE waktu > :sesudah AND waktu <= :sampai
           UNION SELECT no_tiket FROM selesai WHERE jawaban = 'belum-beres'
       ) AS lagi) AS dibuka_lagi,
       (SELECT COUNT(*) FROM selesai WHERE hasil = 0) AS tanpa_hasil;
