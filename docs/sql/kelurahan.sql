-- Open cases by kelurahan.
SELECT kode, kelurahan, COUNT(*) AS kasus
FROM kasus
WHERE masih_berjalan = 'Ya'
GROUP BY kode, kelurahan
ORDER BY kasus DESC, kode;
