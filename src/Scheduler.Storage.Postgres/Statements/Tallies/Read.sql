select measure, sum(value)::bigint from tallies where $1::text is null or tenant = $1 group by measure
