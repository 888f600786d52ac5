-- A programme may be for those who were not seen again within thirty days.
call house.unforce('followups.versions');
alter table followups.versions drop constraint versions_trigger_check;
alter table followups.versions add constraint versions_trigger_check check (trigger in ('admitted', 'discharged', 'visited', 'vanished'));
call house.guard('followups.versions');
