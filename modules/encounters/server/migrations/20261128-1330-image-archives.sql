-- The hospital's image archives (PACS): where to ask for a study (QIDO-RS), and where the viewer stands.
create table encounters.image_archives (
  hospital_id   int     not null default house.hospital(),
  id            uuid    not null,
  name          text    not null check (name <> ''),
  qido_url      text    not null,
  viewer_url    text    not null, -- with {accessionNumber}, {studyUid}, {token}
  auth          text    not null check (auth in ('none', 'basic', 'bearer')),
  auth_user     text    not null default '',
  auth_secret   bytea, -- sealed
  token_secret  bytea, -- sealed; shared with the viewer
  token_seconds int     not null default 300 check (token_seconds between 30 and 3600),
  is_active     boolean not null default true,
  primary key (hospital_id, id),
  constraint image_archives_name_key unique (hospital_id, name)
);
call house.guard('encounters.image_archives');
