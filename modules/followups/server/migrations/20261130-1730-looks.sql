-- What level 2 did first about level 1's follow-up of a stay: a review, a judgement or an urge. Written as it happens, so that a year of spot checks is counted at once.
create table followups.looks (
  hospital_id  int         not null default house.hospital(),
  encounter_id uuid        not null,
  at           timestamptz not null,
  by_name      text        not null,
  how          text        not null check (how in ('reviewed', 'judged', 'urged')),
  primary key (hospital_id, encounter_id),
  foreign key (hospital_id, encounter_id) references encounters.encounters
);

call house.unforce('followups.tasks');
call house.unforce('followups.programmes');
call house.unforce('followups.review_steps');
call house.unforce('followups.quality_checks');
call house.unforce('followups.urges');
insert into followups.looks (hospital_id, encounter_id, at, by_name, how)
select distinct on (t.hospital_id, t.encounter_id) t.hospital_id, t.encounter_id, x.at, x.by_name, x.how
  from (select hospital_id, task_id, at, by_name, 'reviewed' as how from followups.review_steps where kind in ('accepted', 'returned')
        union all select hospital_id, task_id, checked_at, checked_by_name, 'judged' from followups.quality_checks
        union all select hospital_id, task_id, urged_at, urged_by_name, 'urged' from followups.urges) x
  join followups.tasks t on t.hospital_id = x.hospital_id and t.id = x.task_id
  join followups.programmes p on p.hospital_id = t.hospital_id and p.id = t.programme_id and p.level = 'department'
 order by t.hospital_id, t.encounter_id, x.at;
call house.guard('followups.tasks');
call house.guard('followups.programmes');
call house.guard('followups.review_steps');
call house.guard('followups.quality_checks');
call house.guard('followups.urges');
call house.guard('followups.looks');

-- The first stays the first.
revoke update, delete on followups.looks from renxin_app;
