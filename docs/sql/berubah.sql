-- What changed since the last meeting and still holds: the meeting pack's counts.
-- :sesudah: the moment of the last pack.
WITH terakhir AS (SELECT tiket, MAX(waktu) AS waktu FROM penutupan GROUP BY tiket),
ditutup AS (
    SELECT kasus.no_tiket, kasus.status
    FROM kasus JOIN terakhir ON terakhir.tiket = kasus.no_tiket
    WHERE kasus.masih_berjalan = 'Tidak' AND terakhir.waktu > :sesudah
),
dibuka AS (
    SELECT no_tiket FROM kasus
    WHERE masih_berjalan = 'Ya' AND no_tiket IN (SELECT tiket FROM pembukaan_ulang WHERE waktu > :sesudah)
),
berganti AS (
    SELECT kasus.no_tiket
    FROM kasus JOIN riwayat_status AS dulu ON dulu.tiket = kasus.no_tiket
    WHERE kasus.diterbitkan <= :sesudah AND dulu.status <> kasus.status
      AND dulu.urutan = (
          SELECT MAX(urutan) FROM riwayat_status WHERE tiket = kasus.no_tiket AND (waktu <= :sesudah OR urutan = 0)
      )
      AND kasus.no_tiket NOT IN (SELECT no_tiket FROM ditutup UNION SELECT no_tiket FROM dibuka)
)
SELECT (SELECT COUNT(*) FROM kasus WHERE diterbitkan > :sesudah) AS baru,
       (SELECT COUNT(*) FROM kasus
        WHERE masih_berjalan = 'Ya' AND hari_terlambat > 0 AND tenggat >= substr(:sesudah, 1, 10)) AS baru_lewat_tenggat,
       (SELECT COUNT(*) FROM dibuka) AS dibuka_lagi,
       (SELECT COUNT(*) FROM berganti) AS berganti_status,
       (SELECT COUNT(*) FROM ditutup WHERE status = 'Selesai') AS selesai,
       (SELECT COUNT(*) FROM ditutup WHERE status = 'Ditutup Tanpa Solusi') AS ditutup_tanpa_solusi,
       (SELECT COUNT(*) FROM ditutup WHERE status = 'Bukan Kewenangan') AS bukan_kewenangan,
       (SELECT COUNT(*) FROM kasus WHERE masih_berjalan = 'Ya' AND baris_masih_ada = 'Tidak') AS barisnya_hilang;
