-- Open cases by category. All sensitive ones are one bar without a name.
SELECT CASE WHEN sensitif THEN '' ELSE kategori END AS kategori, COUNT(*) AS kasus
FROM kasus
WHERE masih_berjalan = 'Ya'
GROUP BY 1
ORDER BY kasus DESC, kategori;
