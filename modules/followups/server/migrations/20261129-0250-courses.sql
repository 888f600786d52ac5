-- What happens when the patient comes back, is taken over by another hospital, dies, or wants no more calls is chosen by each programme.
alter table followups.versions
  add column on_return   text not null default 'anew' check (on_return in ('anew', 'stop', 'pause', 'goOn')),
  add column on_transfer text not null default 'stop' check (on_transfer in ('stop', 'goOn')),
  add column on_death    text not null default 'stop' check (on_death in ('stop', 'goOn')),
  add column on_refusal  text not null default 'goOn' check (on_refusal in ('stop', 'goOn'));
call house.unforce('followups.versions');
call house.unforce('followups.steps');
-- As it was done until today: a new stay stopped the calls after a discharge, where the version said so, and no others.
update followups.versions set on_return = 'goOn' where not stops_on_readmission or trigger <> 'discharged';
alter table followups.versions drop column stops_on_readmission;

-- A step that is written once and comes several times has a row for each time; the steps of a department that differs are rows of its variant.
alter table followups.steps
  add column variant      int not null default 0 check (variant >= 0), -- 0: for everybody who has none of his own
  add column written      int check (written >= 1), -- its place among the steps as they are written
  add column nth          int not null default 1 check (nth >= 1),
  add column months       int not null default 0 check (months >= 0), -- its days are counted from so many months after the anchor
  add column every_months int,
  add column for_months   int,
  add check ((every_months is null) = (for_months is null));
update followups.steps set written = position;
alter table followups.steps alter column written set not null;
call house.guard('followups.versions');
call house.guard('followups.steps');

create table followups.variants (
  hospital_id   int  not null default house.hospital(),
  version_id    uuid not null,
  department_id uuid not null,
  variant       int  not null check (variant >= 1),
  primary key (hospital_id, version_id, department_id),
  foreign key (hospital_id, version_id) references followups.versions on delete cascade
);
call house.guard('followups.variants');

alter table followups.enrolments
  add column variant   int not null default 0,
  add column continues uuid; -- the visit whose course goes on through this one: of its own it has nothing to do

-- While he lay in a hospital again his course waited: no window of this task opens before that day.
alter table followups.tasks add column held_until date;

-- Days on which nobody is rung up.
create table followups.blackouts (
  hospital_id int  not null default house.hospital(),
  id          uuid not null,
  name        text not null check (name <> ''),
  from_on     date not null,
  until_on    date not null check (until_on >= from_on),
  primary key (hospital_id, id)
);
call house.guard('followups.blackouts');
create index blackouts_until on followups.blackouts (hospital_id, until_on);
