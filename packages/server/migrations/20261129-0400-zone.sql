-- Where the hospital of this session stands, for statements that reckon in its days and are not made where its context is at hand.
create function house.zone() returns text language sql stable parallel safe as $$
  select h.time_zone from house.hospitals h where h.id = house.hospital()
$$;
