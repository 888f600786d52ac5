-- What the presets gave to a hospital's roles the last time, so that a start can tell what is new in them from what the hospital changed by itself.
-- A hospital from before has no rows here: its first start gives its roles whatever they lack of the presets.
create table access.preset_grants (
  hospital_id int  not null default house.hospital(),
  role_key    text not null,
  permission  text not null,
  scope       text not null check (scope in ('own', 'ward', 'department', 'hospital')),
  primary key (hospital_id, role_key, permission)
);
call house.guard('access.preset_grants');
