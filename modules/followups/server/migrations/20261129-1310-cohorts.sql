-- 研究队列: discharges that a study follows. While it is a draft its filter may be written; frozen, its members, the filter that chose them and how many they were
-- stay as they are for good, and so do the visits that were planned for them. Visits may be added.
create table followups.cohorts (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  name            text        not null check (name <> ''),
  purpose         text        not null default '',
  ethics_number   text,
  lead_name       text        not null check (lead_name <> ''),
  filter          jsonb       not null,
  revision        int         not null check (revision >= 1),
  created_at      timestamptz not null,
  created_by      uuid        not null,
  created_by_name text        not null,
  updated_at      timestamptz not null,
  frozen_at       timestamptz,
  frozen_by       uuid,
  frozen_by_name  text,
  members         int         check (members >= 1), -- as they were counted when it was frozen
  programme_id    uuid, -- whose tasks its visits are
  planned         int         not null default 0, -- members with their tasks made, in the order of their numbers
  closed_at       timestamptz,
  closed_by_name  text,
  primary key (hospital_id, id),
  constraint cohorts_name unique (hospital_id, name),
  foreign key (hospital_id, programme_id) references followups.programmes,
  check ((frozen_at is null) = (frozen_by is null) and (frozen_at is null) = (frozen_by_name is null)
         and (frozen_at is null) = (members is null) and (frozen_at is null) = (programme_id is null)),
  check (planned between 0 and coalesce(members, 0)),
  check ((closed_at is null) = (closed_by_name is null) and (closed_at is null or frozen_at is not null))
);
call house.guard('followups.cohorts');

-- Whom it follows, by the discharge that chose them, with what they were chosen by as it stood then. `number` is drawn by lot and is all that leaves of a name.
-- Whoever withdraws or is lost stays a member and says so; who has died is told by the patient's file.
create table followups.cohort_members (
  hospital_id    int         not null default house.hospital(),
  cohort_id      uuid        not null,
  encounter_id   uuid        not null,
  number         int         not null check (number >= 1),
  discharged_on  date        not null,
  age            int,
  sex            text,
  department_id  uuid,
  stay_days      int,
  diagnosis_code text,
  diagnosis_name text,
  operation_code text,
  operation_name text,
  status         text        not null default 'active' check (status in ('active', 'withdrawn', 'lost')),
  left_on        date,
  note           text        not null default '',
  changed_at     timestamptz,
  changed_by     uuid,
  changed_by_name text,
  primary key (hospital_id, cohort_id, encounter_id),
  constraint cohort_members_number unique (hospital_id, cohort_id, number),
  foreign key (hospital_id, cohort_id) references followups.cohorts,
  foreign key (hospital_id, encounter_id) references encounters.encounters,
  check ((status = 'active') = (left_on is null))
);
call house.guard('followups.cohort_members');
create index cohort_members_of on followups.cohort_members (hospital_id, encounter_id);

create table followups.cohort_visits (
  hospital_id      int  not null default house.hospital(),
  cohort_id        uuid not null,
  position         int  not null check (position between 1 and 30),
  name             text not null check (name <> ''),
  unit             text not null check (unit in ('days', 'months')),
  after            int  not null check (after between 1 and 3650), -- the discharge
  before_days      int  not null check (before_days between 0 and 180), -- the window opens so many days earlier, and closes so many later
  after_days       int  not null check (after_days between 0 and 365),
  who              text not null check (who in ('centre', 'doctor', 'both')),
  questionnaire_id uuid not null,
  primary key (hospital_id, cohort_id, position),
  foreign key (hospital_id, cohort_id) references followups.cohorts,
  check (before_days < after * case unit when 'months' then 28 else 1 end)
);
call house.guard('followups.cohort_visits');

-- Who took which data of a study; what was taken stands in the house's own list under the same number.
create table followups.cohort_exports (
  hospital_id   int         not null default house.hospital(),
  cohort_id     uuid        not null,
  number        int         not null,
  at            timestamptz not null,
  by_id         uuid        not null,
  by_name       text        not null,
  format        text        not null,
  layout        text        not null check (layout in ('wide', 'long')),
  is_identified boolean     not null,
  members       int         not null,
  reason        text        not null,
  primary key (hospital_id, number),
  foreign key (hospital_id, cohort_id) references followups.cohorts,
  foreign key (hospital_id, number) references house.exports
);
call house.guard('followups.cohort_exports');
create index cohort_exports_of on followups.cohort_exports (hospital_id, cohort_id, number);

-- A frozen cohort. What may still change of it: what it says of itself, how far its planning is, and that it is over.
create function followups.keep_cohort() returns trigger language plpgsql as $$
declare
  loose constant text[] := array['purpose', 'ethics_number', 'lead_name', 'revision', 'updated_at', 'planned', 'closed_at', 'closed_by_name'];
begin
  if tg_op = 'DELETE' then
    if old.frozen_at is not null and current_user = 'renxin_app' then -- a demo hospital goes as a whole
      raise exception 'cohort % is frozen', old.id using errcode = 'check_violation', constraint = 'cohort_frozen';
    end if;
    return old;
  end if;
  if old.frozen_at is not null and to_jsonb(new) - loose is distinct from to_jsonb(old) - loose then
    raise exception 'cohort % is frozen', old.id using errcode = 'check_violation', constraint = 'cohort_frozen';
  end if;
  if old.frozen_at is null and new.frozen_at is not null
     and new.members is distinct from (select count(*) from followups.cohort_members m where m.hospital_id = new.hospital_id and m.cohort_id = new.id) then
    raise exception 'cohort % says another count than its members have', old.id using errcode = 'check_violation', constraint = 'cohort_count';
  end if;
  return new;
end $$;
create trigger keep_cohort before update or delete on followups.cohorts for each row execute function followups.keep_cohort();

-- Of two at once, who freezes and who adds a member, one waits for the other and then sees what it did.
create function followups.keep_cohort_members() returns trigger language plpgsql as $$
begin
  perform from followups.cohorts c where c.hospital_id = new.hospital_id and c.id = new.cohort_id and c.frozen_at is null for update;
  if not found then
    raise exception 'cohort % is frozen', new.cohort_id using errcode = 'check_violation', constraint = 'cohort_frozen';
  end if;
  return new;
end $$;
create trigger keep_cohort_members before insert on followups.cohort_members for each row execute function followups.keep_cohort_members();

create function followups.keep_cohort_visits() returns trigger language plpgsql as $$
begin
  if current_user = 'renxin_app'
     and exists (select from followups.cohorts c where c.hospital_id = old.hospital_id and c.id = old.cohort_id and c.frozen_at is not null) then
    raise exception 'the visits of cohort % are planned', old.cohort_id using errcode = 'check_violation', constraint = 'cohort_frozen';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger keep_cohort_visits before update or delete on followups.cohort_visits for each row execute function followups.keep_cohort_visits();

revoke update, delete on followups.cohort_members, followups.cohort_exports from renxin_app;
grant update (status, left_on, note, changed_at, changed_by, changed_by_name) on followups.cohort_members to renxin_app;

-- A programme of a cohort enrols its members and nobody else.
call house.unforce('followups.programmes');
alter table followups.programmes
  add column cohort_id uuid,
  add constraint programmes_cohort unique (hospital_id, cohort_id),
  add foreign key (hospital_id, cohort_id) references followups.cohorts;
call house.guard('followups.programmes');

-- A visit after so many months may open before their day.
alter table followups.steps drop constraint steps_from_offset_check;
alter table followups.steps add constraint steps_from_offset_check check (from_offset >= 0 or months > 0);

-- Whoever has left the study is rung for it no more.
call house.unforce('followups.enrolments');
alter table followups.enrolments add column left_as text check (left_as in ('withdrawn', 'lost'));
call house.guard('followups.enrolments');
