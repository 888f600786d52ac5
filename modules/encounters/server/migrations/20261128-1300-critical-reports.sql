-- Whether a report tells of a critical value (HL7 table 0078: HH, LL, AA), so that lists and the time line need not look into its lines.
call house.unforce('encounters.reports');
alter table encounters.reports add column has_critical boolean generated always as (
  status <> 'cancelled'
  and (coalesce(is_critical, false) or jsonb_path_exists(items, '$[*].flag ? (@ == "HH" || @ == "LL" || @ == "AA")'))) stored;
call house.guard('encounters.reports');
