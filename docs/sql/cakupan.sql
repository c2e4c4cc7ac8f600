-- Every kelurahan: open cases, tickets issued in the period, and the day of the last one; NULL: never heard of.
-- :sesudah, :sampai: moments.
SELECT kelurahan.kode, kelurahan.kelurahan, kelurahan.kecamatan,
       COALESCE(SUM(kasus.masih_berjalan = 'Ya'), 0) AS terbuka,
       COALESCE(SUM(kasus.diterbitkan > :sesudah AND kasus.diterbitkan <= :sampai), 0) AS masuk,
       substr(MAX(kasus.diterbitkan), 1, 10) AS terakhir
FROM kelurahan LEFT JOIN kasus ON kasus.kode = kelurahan.kode
GROUP BY kelurahan.kode, kelurahan.kelurahan, kelurahan.kecamatan
ORDER BY kelurahan.kode;
