-- What was found and changed after a page was read is told apart from what stood on it, so that the file is the page.
alter table patients.unusual_looks
  add column found_at   timestamptz,
  add column changed_at timestamptz;
call house.unforce('patients.unusual_looks');
update patients.unusual_looks set found_at = last_at, changed_at = coalesce(decided_at, last_at);
alter table patients.unusual_looks
  alter column found_at set not null,
  alter column changed_at set not null;
call house.guard('patients.unusual_looks');
