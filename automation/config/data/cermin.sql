-- Views of the mirror: how a case passes between open and closed.
-- A stay among the closed statuses is one closing; it counts by the last status of that stay.
-- `hari`: the day on which it was done, as people say (Selesai Pada), else the day on which that was seen.
DROP VIEW IF EXISTS pembukaan_ulang;
DROP VIEW IF EXISTS penutupan;
DROP VIEW IF EXISTS tahap;
CREATE VIEW tahap AS
SELECT *,
       LAG(tertutup, 1, 0) OVER w AS sebelumnya,
       SUM(CASE WHEN tertutup = 0 THEN 1 ELSE 0 END) OVER w AS babak
FROM riwayat_status
WINDOW w AS (PARTITION BY tiket ORDER BY urutan);
CREATE VIEW penutupan AS
SELECT DISTINCT tiket, babak, MIN(waktu) OVER b AS waktu, LAST_VALUE(tahap.status) OVER b AS cara,
       CASE WHEN tanggal_selesai > '' AND babak = MAX(babak) OVER (PARTITION BY tiket) THEN tanggal_selesai
            ELSE substr(MIN(waktu) OVER b, 1, 10) END AS hari
FROM tahap JOIN kasus ON kasus.no_tiket = tahap.tiket
WHERE tertutup = 1
WINDOW b AS (PARTITION BY tiket, babak ORDER BY urutan ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
CREATE VIEW pembukaan_ulang AS
SELECT tiket, waktu FROM tahap WHERE tertutup = 0 AND sebelumnya = 1;
