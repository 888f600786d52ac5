-- The role that a list of staff names for somebody, in its words: whoever opens accounts finds it chosen beforehand. It gives nobody anything.
alter table staff.people add column wanted_role text check (length(wanted_role) between 1 and 200);

create or replace view staff.person_cards with (security_invoker = true) as
  select id, number, name, name_pinyin, job, title, is_active, started_on, wanted_role from staff.people;
