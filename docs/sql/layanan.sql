-- The service of a period: half of the cases were solved within `median` working days, nine of ten within `persentil_90`
-- (nearest rank: a duration that some case really had), and so many by their deadline.
-- Figures that rest on fewer cases (5; 10 for the 90th percentile) are left out.
-- :sesudah, :sampai: moments.
WITH selesai AS (
    SELECT akhir.ke - masuk.ke AS lama,
           penutupan.hari <= kasus.tenggat AS tepat,
           ROW_NUMBER() OVER (ORDER BY akhir.ke - masuk.ke) AS nomor,
           COUNT(*) OVER () AS banyak
    FROM penutupan
    JOIN kasus ON kasus.no_tiket = penutupan.tiket
    JOIN hari AS masuk ON masuk.hari = kasus.tanggal_masuk
    JOIN hari AS akhir ON akhir.hari = MAX(penutupan.hari, kasus.tanggal_masuk)
    WHERE penutupan.cara = 'Selesai' AND penutupan.waktu > :sesudah AND penutupan.waktu <= :sampai
)
SELECT COUNT(*) AS kasus,
       MAX(CASE WHEN banyak >= 5 AND nomor = (banyak * 50 + 99) / 100 THEN lama END) AS median,
       MAX(CASE WHEN banyak >= 10 AND nomor = (banyak * 90 + 99) / 100 THEN lama END) AS persentil_90,
       COALESCE(SUM(tepat), 0) AS tepat,
       CASE WHEN COUNT(*) >= 5 THEN 100 * SUM(tepat) / COUNT(*) END AS persen_tepat
FROM selesai;
