-- A permission may reach over one's campuses.
alter table access.grants drop constraint grants_scope_check;
alter table access.grants add constraint grants_scope_check check (scope in ('own', 'ward', 'department', 'campus', 'hospital'));
alter table access.preset_grants drop constraint preset_grants_scope_check;
alter table access.preset_grants add constraint preset_grants_scope_check check (scope in ('own', 'ward', 'department', 'campus', 'hospital'));
