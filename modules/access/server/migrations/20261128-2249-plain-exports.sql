-- Files with whole names and numbers have a permission of their own. Whoever imports has had them: the rows that were not taken, to put right.
call house.unforce('access.grants');
insert into access.grants (hospital_id, role_id, permission, scope)
select g.hospital_id, g.role_id, 'access.exportPlain', 'hospital' from access.grants g where g.permission = 'integration.import'
on conflict do nothing;
call house.guard('access.grants');
