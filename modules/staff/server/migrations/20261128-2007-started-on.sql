-- Since when somebody works here: seniority is reckoned from it.
alter table staff.people add column started_on date;

create or replace view staff.person_cards with (security_invoker = true) as
  select id, number, name, name_pinyin, job, title, is_active, started_on from staff.people;
