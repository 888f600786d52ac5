-- Level 3 asks a sample. A programme that is drawn for enrols nobody by itself: the encounters of a draw are enrolled by their ids.
call house.unforce('followups.programmes');
alter table followups.programmes add column is_drawn boolean not null default false;
update followups.programmes set is_drawn = true where key = 'satisfaction30d';
create unique index programmes_drawn on followups.programmes (hospital_id) where is_drawn;
call house.guard('followups.programmes');

create table followups.level_settings (
  hospital_id int   not null default house.hospital(),
  settings    jsonb not null,
  primary key (hospital_id)
);
call house.guard('followups.level_settings');

-- What one department has otherwise than the hospital.
create table followups.level_rules (
  hospital_id    int  not null default house.hospital(),
  department_id  uuid not null,
  sample_percent int  check (sample_percent between 1 and 100),
  primary key (hospital_id, department_id),
  foreign key (hospital_id, department_id) references staff.units
);
call house.guard('followups.level_rules');

-- One round of drawing in one department: everything that it takes to draw the same list again, but the list of those drawn from.
create table followups.draws (
  hospital_id    int         not null default house.hospital(),
  id             uuid        not null,
  level          text        not null check (level in ('supervisor', 'centre')), -- who checks: the department's own supervisor, or the centre, which calls
  department_id  uuid        not null,
  programme_id   uuid, -- in which whoever is drawn is enrolled
  month          date        not null check (extract(day from month) = 1),
  until_on       date        not null,
  share_percent  int         not null check (share_percent between 1 and 100),
  strata_by      text[]      not null,
  stay_bounds    int[]       not null,
  seed           text        not null check (length(seed) >= 16),
  discharged     int         not null,
  left_out       jsonb       not null,
  frame_before   int         not null,
  drawn_before   int         not null,
  frame          int         not null check (frame >= 1),
  drawn          int         not null check (drawn between 0 and frame),
  drawn_at       timestamptz not null,
  drawn_by       uuid        not null,
  drawn_by_name  text        not null,
  primary key (hospital_id, id),
  foreign key (hospital_id, department_id) references staff.units,
  foreign key (hospital_id, programme_id) references followups.programmes,
  constraint draws_round unique (hospital_id, level, department_id, until_on),
  check ((level = 'centre') = (programme_id is not null)),
  check (until_on >= month and until_on < month + interval '1 month')
);
call house.guard('followups.draws');
create index draws_of_month on followups.draws (hospital_id, level, month, department_id, until_on);

-- Whom a draw was made from. Nobody is in two of one level: a second draw of the same days, or one that was killed and begun again, finds the key.
create table followups.draw_frame (
  hospital_id  int     not null default house.hospital(),
  draw_id      uuid    not null,
  level        text    not null,
  encounter_id uuid    not null,
  stratum      text    not null,
  is_drawn     boolean not null,
  primary key (hospital_id, encounter_id, level),
  foreign key (hospital_id, draw_id) references followups.draws,
  foreign key (hospital_id, encounter_id) references encounters.encounters
);
call house.guard('followups.draw_frame');
create index draw_frame_of on followups.draw_frame (hospital_id, draw_id, encounter_id);

-- A draw is never drawn better afterwards.
revoke update, delete on followups.draws, followups.draw_frame from renxin_app;
