-- What the people and units of an import were before it, and what it made of them; kept while the import may be taken back.
create table staff.origins (
  hospital_id int   not null default house.hospital(),
  origin      uuid  not null, -- the import
  kind        text  not null check (kind in ('person', 'unit')),
  object_id   uuid  not null,
  before      jsonb, -- null: the import made it
  after       jsonb not null, -- what is different from this was changed since by somebody
  primary key (hospital_id, origin, kind, object_id)
);
call house.guard('staff.origins');
