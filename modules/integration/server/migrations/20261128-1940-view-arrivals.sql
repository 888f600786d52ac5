-- How many rows of a view said something new, each time some did: by this a view that is read in vain for too long is heard to be silent.
create table integration.view_arrivals (
  hospital_id int         not null default house.hospital(),
  view_id     uuid        not null,
  at          timestamptz not null,
  rows        int         not null check (rows > 0),
  troubles    int         not null,
  primary key (hospital_id, view_id, at),
  foreign key (hospital_id, view_id) references integration.views on delete cascade
);
call house.guard('integration.view_arrivals');
create index on integration.view_arrivals (hospital_id, at);
