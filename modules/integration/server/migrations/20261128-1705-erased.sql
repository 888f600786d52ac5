-- Takes what was laid down for other systems about one who asked to be forgotten: the lines of these record and visit numbers.
create function integration.unpublish(record_numbers text[], visit_numbers text[]) returns bigint
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from integration.published p
    where p.hospital_id = house.hospital() and (p.medical_record_number = any(record_numbers) or p.visit_number = any(visit_numbers)) returning 1)
  select count(*) from gone
$$;
revoke all on function integration.unpublish(text[], text[]) from public;
grant execute on function integration.unpublish(text[], text[]) to renxin_app;
