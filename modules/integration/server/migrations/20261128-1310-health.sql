-- How each door fares, hour by hour: counted once by the clock, so that no page counts the inbox. `door` is its kind and its id, `sender:…`.
create table integration.door_hours (
  hospital_id   int         not null default house.hospital(),
  door          text        not null collate "C",
  hour_at       timestamptz not null,
  messages      int         not null,
  troubles      int         not null,
  bytes         bigint      not null,
  lag_seconds   double precision,      -- the median from the source's clock to ours
  last_at       timestamptz,           -- of the last message in it
  quiet_seconds int         not null,  -- the longest silence that there was at any moment of it
  is_alarm      boolean     not null default false, -- it was found silent: no example of how quiet it may be
  primary key (hospital_id, door, hour_at)
);
call house.guard('integration.door_hours');
create index on integration.door_hours (hospital_id, hour_at);

create table integration.door_states (
  hospital_id   int  not null default house.hospital(),
  door          text not null collate "C",
  floor_minutes int  not null default 30 check (floor_minutes between 1 and 10080), -- a silence that is shorter never alarms
  silent_since  timestamptz, -- its last message, while the alarm stands
  primary key (hospital_id, door)
);
call house.guard('integration.door_states');

create index on integration.outgoing (hospital_id, sent_at) where sent_at is not null;
create index on integration.fhir_versions (hospital_id, changed_at);
