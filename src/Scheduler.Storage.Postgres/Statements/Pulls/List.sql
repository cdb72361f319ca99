select pull_id, instance, recorded_at, keys from pulls where gateway = $1 and recorded_at >= $2 order by recorded_at, pull_id
