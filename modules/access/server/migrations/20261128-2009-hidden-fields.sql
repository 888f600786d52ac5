-- Fields that are kept from a role whatever else it may see. Of several roles of one person by which he meets patients, a field is kept back if each of them keeps it.
create table access.hidden_fields (
  hospital_id int  not null default house.hospital(),
  role_id     uuid not null,
  field       text not null check (field in ('phone', 'identityCard', 'diagnosis')),
  primary key (hospital_id, role_id, field),
  foreign key (hospital_id, role_id) references access.roles on delete cascade
);
call house.guard('access.hidden_fields');
