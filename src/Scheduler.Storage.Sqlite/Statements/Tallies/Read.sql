select measure, sum(value) from tallies where ?1 is null or tenant = ?1 group by measure
