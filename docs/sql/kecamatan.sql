-- Open cases by kecamatan, and how many of them are past their deadline: a chart of `Grafik`.
SELECT kecamatan, COUNT(*) AS kasus, SUM(hari_terlambat > 0) AS terlambat
FROM kasus
WHERE masih_berjalan = 'Ya'
GROUP BY kecamatan
ORDER BY kecamatan;
