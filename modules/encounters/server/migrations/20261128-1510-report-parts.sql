-- Results come in parts: a panel today, another tomorrow, a correction of one line. parts: what the lines (items) are reckoned from, each line by its own
-- latest word; null where the list came whole and once. A line that was withdrawn is still listed, with what it said before, and is no value for anybody who counts.
call house.unforce('encounters.reports');
alter table encounters.reports add column parts jsonb;
call house.guard('encounters.reports');

create or replace view encounters.report_item_cards with (security_invoker = true) as
  select r.hospital_id, r.id as report_id, i.position::int as position, r.patient_id, r.status as report_status, i.code, i.name, i.value, i.amount, i.unit,
         i.range, i.flag, coalesce(i."observedAt", r.happened_at) as observed_at, r.changed_at
    from encounters.reports r
   cross join lateral rows from (jsonb_to_recordset(r.items) as (
           code text, name text, value text, amount double precision, unit text, range text, flag text, "observedAt" timestamptz, status text)) with ordinality
           as i (code, name, value, amount, unit, range, flag, "observedAt", status, position)
   where i.status is distinct from 'withdrawn';
