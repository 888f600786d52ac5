-- Who has looked at a published result: until then it stands on every page of those whose department it judges.
create table followups.publication_seen (
  hospital_id    int         not null default house.hospital(),
  publication_id uuid        not null,
  account_id     uuid        not null,
  seen_at        timestamptz not null,
  primary key (hospital_id, publication_id, account_id),
  foreign key (hospital_id, publication_id) references followups.publications
);
call house.guard('followups.publication_seen');
revoke update, delete on followups.publication_seen from renxin_app;
