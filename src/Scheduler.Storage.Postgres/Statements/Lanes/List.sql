select lane, tenant, channel, band from lanes order by lane
