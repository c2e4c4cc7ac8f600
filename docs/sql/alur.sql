-- How many cases came in and went out in a period: the meeting pack's counts, which add up:
-- awal + masuk + dibuka_lagi - selesai - ditutup_tanpa_solusi - bukan_kewenangan = akhir.
-- :sesudah, :sampai: moments, such as '2026-11-23 06:30:00'; the period is what comes after the first, up to the second.
WITH saat(awal_atau_akhir, waktu) AS (VALUES ('awal', :sesudah), ('akhir', :sampai)),
langkah AS (
    SELECT diterbitkan AS waktu, 1 AS terbuka FROM kasus
    UNION ALL SELECT waktu, -1 FROM penutupan
    UNION ALL SELECT waktu, 1 FROM pembukaan_ulang
),
terbuka AS (
    SELECT saat.awal_atau_akhir, SUM(langkah.terbuka) AS banyak
    FROM saat JOIN langkah ON langkah.waktu <= saat.waktu
    GROUP BY saat.awal_atau_akhir
),
ditutup AS (SELECT cara, COUNT(*) AS banyak FROM penutupan WHERE waktu > :sesudah AND waktu <= :sampai GROUP BY cara)
SELECT
    COALESCE((SELECT banyak FROM terbuka WHERE awal_atau_akhir = 'awal'), 0) AS awal,
    (SELECT COUNT(*) FROM kasus WHERE diterbitkan > :sesudah AND diterbitkan <= :sampai) AS masuk,
    (SELECT COUNT(*) FROM pembukaan_ulang WHERE waktu > :sesudah AND waktu <= :sampai) AS dibuka_lagi,
    COALESCE((SELECT banyak FROM ditutup WHERE cara = 'Selesai'), 0) AS selesai,
    COALESCE((SELECT banyak FROM ditutup WHERE cara = 'Ditutup Tanpa Solusi'), 0) AS ditutup_tanpa_solusi,
    COALESCE((SELECT banyak FROM ditutup WHERE cara = 'Bukan Kewenangan'), 0) AS bukan_kewenangan,
    COALESCE((SELECT banyak FROM terbuka WHERE awal_atau_akhir = 'akhir'), 0) AS akhir;
