-- When it was activated: what happened before then is planned by the version of that moment, what happened later by the one that was in force.
alter table followups.programmes add column activated_at timestamptz;
call house.unforce('followups.programmes');
update followups.programmes set activated_at = updated_at where status = 'active';
call house.guard('followups.programmes');
alter table followups.programmes add check (status <> 'active' or activated_at is not null);
