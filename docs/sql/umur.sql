-- How many open cases were received so many working days ago. 3, 14 and 60 are the law's clocks, 6 the usual promise.
-- :hari: the day on which it is asked.
WITH terbuka AS (
    SELECT MAX(kini.ke - masuk.ke, 0) AS umur
    FROM kasus
    JOIN hari AS masuk ON masuk.hari = kasus.tanggal_masuk
    JOIN hari AS kini ON kini.hari = :hari
    WHERE kasus.masih_berjalan = 'Ya'
),
golongan(dari, sampai) AS (VALUES (0, 3), (4, 6), (7, 14), (15, 30), (31, 60), (61, NULL))
SELECT dari, sampai, COUNT(umur) AS kasus
FROM golongan LEFT JOIN terbuka ON umur >= dari AND (sampai IS NULL OR umur <= sampai)
GROUP BY dari, sampai
ORDER BY dari;
