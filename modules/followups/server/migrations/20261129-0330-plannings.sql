-- What an activation has to look through, some at a time: how far it is stands in the transaction of what it made, so that a fall between two steps loses and doubles nothing.
create table followups.plannings (
  hospital_id     int         not null default house.hospital(),
  id              uuid        not null,
  programme_id    uuid        not null,
  status          text        not null default 'running' check (status in ('running', 'done', 'stopped')),
  from_at         timestamptz not null,
  lanes           text[]      not null, -- kinds of visits in the order in which they are looked through, 'inpatient discharged'
  lane            int         not null default 0,
  after_at        timestamptz not null, -- within the lane: what lies before is done
  after_id        uuid        not null default '00000000-0000-0000-0000-000000000000',
  total           int         not null,
  seen            int         not null default 0,
  made            int         not null default 0,
  started_by      uuid        not null,
  started_by_name text        not null,
  started_at      timestamptz not null,
  finished_at     timestamptz,
  primary key (hospital_id, id),
  foreign key (hospital_id, programme_id) references followups.programmes,
  check ((status = 'running') = (finished_at is null))
);
call house.guard('followups.plannings');
-- One at a time for a programme: activated again, the other has stopped.
create unique index plannings_running on followups.plannings (hospital_id, programme_id) where status = 'running';
create index plannings_latest on followups.plannings (hospital_id, programme_id, started_at desc, id desc);
