-- What is known of the keys that this hospital has: their names and times, never the keys. Those that were removed are left out.
create function house.key_facts() returns table (purpose text, number int, suite text, usable_at timestamptz, is_coming boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.purpose, k.number, k.suite, k.usable_at, k.usable_at > clock_timestamp()
  from house.keys k where k.hospital_id = house.hospital() and k.retired_at is null order by k.purpose, k.number
$$;
