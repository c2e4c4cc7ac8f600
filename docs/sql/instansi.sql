-- How agencies answer letters: those that let one wait longest first; durations in working days. Half of the answers came
-- within `median`; `terlama` is the letter without an answer on whose matter a case is still open. Agencies
-- that no category has count together as `lain`; that of a private matter stands without a name. A letter that stands
-- beside two matters is one (`surat`): the first answer to it counts.
-- :hari: the day on which it is asked.
WITH baris AS (
    SELECT putusan.instansi, COALESCE(putusan.surat, putusan.nomor) AS surat, MAX(dijawab.ke - dikirim.ke, 0) AS lama,
           CASE WHEN dijawab.ke IS NULL AND EXISTS (
               SELECT 1 FROM putusan_tiket JOIN kasus ON kasus.no_tiket = putusan_tiket.tiket
               WHERE putusan_tiket.nomor = putusan.nomor AND kasus.masih_berjalan = 'Ya'
           ) THEN kini.ke - dikirim.ke END AS menunggu
    FROM putusan
    JOIN hari AS dikirim ON dikirim.hari = putusan.tanggal_surat
    JOIN hari AS kini ON kini.hari = :hari
    LEFT JOIN hari AS dijawab ON dijawab.hari = putusan.tanggal_jawaban
), surat AS (
    SELECT instansi, MIN(lama) AS lama, CASE WHEN COUNT(lama) = 0 THEN MAX(menunggu) END AS menunggu
    FROM baris
    GROUP BY instansi, surat
), terurut AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY instansi ORDER BY lama IS NULL, lama) AS nomor,
           COUNT(lama) OVER (PARTITION BY instansi) AS jawaban
    FROM surat
)
SELECT instansi, COUNT(*) AS dikirim, COUNT(lama) AS dijawab,
       MAX(CASE WHEN nomor = (jawaban + 1) / 2 AND lama IS NOT NULL THEN lama END) AS median, MAX(menunggu) AS terlama
FROM terurut
GROUP BY instansi
ORDER BY COALESCE(MAX(menunggu), 0) DESC, COUNT(*) DESC, instansi;
