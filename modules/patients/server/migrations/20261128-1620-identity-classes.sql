-- The hospital's own list of identity classes. A file holds the name; by which words systems call a class stands beside it.
create table patients.identity_classes (
  hospital_id int     not null default house.hospital(),
  id          uuid    not null,
  preset      text, -- of those that come with the product, which one
  name        text    not null check (name <> ''),
  position    int     not null default 0,
  is_active   boolean not null default true,
  primary key (hospital_id, id),
  unique (hospital_id, preset),
  unique (hospital_id, name)
);
call house.guard('patients.identity_classes');

-- Names and synonyms as they are looked up. One word means one class.
create table patients.identity_class_words (
  hospital_id int  not null default house.hospital(),
  key         text not null collate "C",
  word        text not null,
  class_id    uuid not null,
  primary key (hospital_id, key),
  foreign key (hospital_id, class_id) references patients.identity_classes
);
call house.guard('patients.identity_class_words');
create index on patients.identity_class_words (hospital_id, class_id);
