-- Open cases; of these, past their deadline, and waiting for an answer of the reporter: the head of the meeting pack, and of
-- `Grafik` its first line.
SELECT COUNT(*) AS terbuka,
       COALESCE(SUM(hari_terlambat > 0), 0) AS terlambat,
       COALESCE(SUM(status = 'Menunggu Pelapor'), 0) AS menunggu_pelapor
FROM kasus
WHERE masih_berjalan = 'Ya';
