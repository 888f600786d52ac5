-- How long audit rows stay in the database before they may leave as files; no row: for ever.
-- Six months is the least for network logs (Cybersecurity Law, art. 21).
create table access.audit_settings (
  hospital_id      int not null default house.hospital() primary key,
  retention_months int check (retention_months between 6 and 600)
);
call house.guard('access.audit_settings');
