-- What left the house as a file of data: who took what, when, over which route, asked how, for what reason, and how much it was. The number stands in the file itself,
-- so that a file or a print that turns up somewhere names its row. Rows are added and never changed.
create table house.exports (
  hospital_id int         not null default house.hospital(),
  number      int         not null check (number > 0),
  at          timestamptz not null,
  actor_id    uuid,
  actor_name  text        not null,
  route       text        not null,
  title       text        not null,
  format      text        not null check (format in ('xlsx', 'csv')),
  reason      text        not null check (length(btrim(reason)) >= 2),
  filters     jsonb       not null, -- pairs of words, as they stand in the file
  rows        int         not null check (rows >= 0),
  address     text,
  request_id  text        not null,
  primary key (hospital_id, number)
);
call house.guard('house.exports');
revoke update, delete on house.exports from renxin_app;

-- The list of who took what, as it is asked for: by days, of one person, of one kind.
create index on house.exports (hospital_id, at, number);
create index on house.exports (hospital_id, actor_id, at, number);
create index on house.exports (hospital_id, route, at, number);
