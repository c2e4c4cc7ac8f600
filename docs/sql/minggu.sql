-- Intake and outcome by week, from Monday to Sunday. Weeks in which nothing happened are left out.
-- :sejak: the first Monday.
WITH kejadian AS (
    SELECT substr(diterbitkan, 1, 10) AS hari, 1 AS masuk, 0 AS selesai, 0 AS tepat, 0 AS lain FROM kasus
    UNION ALL
    SELECT substr(waktu, 1, 10), 0, cara = 'Selesai', cara = 'Selesai' AND penutupan.hari <= kasus.tenggat, cara <> 'Selesai'
    FROM penutupan JOIN kasus ON kasus.no_tiket = penutupan.tiket
)
SELECT date(hari, '-6 days', 'weekday 1') AS senin,
       SUM(masuk) AS masuk, SUM(selesai) AS selesai, SUM(tepat) AS tepat, SUM(lain) AS lain
FROM kejadian
GROUP BY senin
HAVING senin >= :sejak
ORDER BY senin;
