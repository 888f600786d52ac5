-- Whose an account was said to be, where it was moved to another patient by itself (HL7 A44): its charges are that patient's, whomever each was said of.
-- The latest word counts, so that a move back gives them back.
alter table encounters.accounts
  add column owner_id      uuid, -- of whose file it was said
  add column owner_said_at timestamptz,
  add foreign key (hospital_id, owner_id) references patients.patients;
create index on encounters.accounts (hospital_id, owner_id) where owner_id is not null;
create index on encounters.charges (hospital_id, account_number) where account_number is not null;

-- Of accounts that became one the owner of the one that is left, else its own.
create function encounters.owner_of_account(account text) returns uuid language sql stable parallel safe as $$
  select coalesce((select a.owner_id from encounters.accounts a where a.number = encounters.account_root(account)),
                  (select a.owner_id from encounters.accounts a where a.number = account))
   where account is not null
$$;

-- Whose file shows today what was said of this patient and visit, and hangs on this account.
create function encounters.owner_of(whom uuid, visit text, account text) returns uuid language sql stable parallel safe as $$
  select coalesce(encounters.survivor_of(o.id), o.id)
    from (select coalesce(encounters.owner_of_account(account), encounters.said_owner_of(whom, visit)) as id) o
$$;
