-- Views of the mirror: how a case passes between open and closed.
-- A stay among the closed statuses is one closing; it counts by the last status of that stay.
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
SELECT DISTINCT tiket, babak, MIN(waktu) OVER b AS waktu, LAST_VALUE(status) OVER b AS cara
FROM tahap
WHERE tertutup = 1
WINDOW b AS (PARTITION BY tiket, babak ORDER BY urutan ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
CREATE VIEW pembukaan_ulang AS
SELECT tiket, waktu FROM tahap WHERE tertutup = 0 AND sebelumnya = 1;
