select instance, recorded_at, keys from pulls where gateway = $1 and pull_id = $2
