-- Accounts where a hospital numbers them apart from visits (PID-18 beside PV1-19): charges that name an account alone are its visit's. Which visit it is of,
-- and into which other account it went, each goes by the latest word, so that a merge and what takes it back may come in any order.
create table encounters.accounts (
  hospital_id   int  not null default house.hospital(),
  number        text not null,
  visit_number  text,
  visit_said_at timestamptz,
  into_number   text,
  into_said_at  timestamptz,
  primary key (hospital_id, number),
  check (into_number <> number)
);
call house.guard('encounters.accounts');
create index on encounters.accounts (hospital_id, visit_number) where visit_number is not null;
create index on encounters.accounts (hospital_id, into_number) where into_number is not null;

call house.unforce('encounters.charges');
alter table encounters.charges add column account_number text;
call house.guard('encounters.charges');

-- The account that is left of those that became one.
create function encounters.account_root(account text) returns text language sql stable parallel safe as $$
  with recursive step (number, n) as (
    select account, 1
    union all
    select a.into_number, s.n + 1 from step s join encounters.accounts a on a.number = s.number where a.into_number is not null and s.n < 20
  )
  select s.number from step s order by s.n desc limit 1
$$;

-- The number of the visit that an account is of; many hospitals have one number for both.
create function encounters.visit_of_account(account text) returns text language sql stable parallel safe as $$
  select coalesce((select a.visit_number from encounters.accounts a where a.number = encounters.account_root(account)),
                  (select a.visit_number from encounters.accounts a where a.number = account),
                  (select e.number from encounters.encounters e where e.number = encounters.account_root(account)))
   where account is not null
$$;

create or replace view encounters.charge_cards with (security_invoker = true) as
  select c.hospital_id, c.id, c.source, c.number, c.patient_id, coalesce(f.encounter_id, e.merged_into, e.id) as encounter_id, v.visit_number, c.department_id, c.kind, c.status, c.name, c.code,
         c.quantity, c.amount_cents, c.charged_at, c.happened_at, c.changed_at, c.account_number
    from encounters.charges c
   cross join lateral (select coalesce(c.visit_number, encounters.visit_of_account(c.account_number)) as visit_number) v
    left join encounters.encounters e on e.hospital_id = c.hospital_id and e.number = v.visit_number
    left join encounters.former_numbers f on f.hospital_id = c.hospital_id and f.number = v.visit_number;
