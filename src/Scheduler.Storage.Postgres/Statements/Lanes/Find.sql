select lane from lanes where tenant = $1 and channel = $2 and band = $3
