-- Whom of its own hospital a session sees. A session that is veiled (`house.veil` is `on`) sees the rows of a patient only where `house.shows_patient` says so: told once
-- in the database, so that no list, search, count or export can forget it. What is done by the clock, and whoever may see everybody, is not veiled and pays one comparison a row.

-- The room that keeps patients puts its own rule in the place of these two; a house without it hides nobody.
create function house.shows_patient(patient uuid) returns boolean language sql stable parallel safe as $$ select true $$;
-- Whether an account has work in hand with a patient; the room that hands out work puts its own in the place.
create function house.is_entrusted(patient uuid, account uuid) returns boolean language sql stable parallel safe as $$ select false $$;

-- Draws the veil over a table; a row of two patients is seen by whoever sees both. For reading alone: a write finds the rows that it reads, and what it adds is not
-- looked at again; and for the application alone: functions that run as the owner look behind it.
create procedure house.veil(t regclass, patient text default 'patient_id', other text default null) language plpgsql as $$
begin
  execute format(
    'create policy veil on %s as restrictive for select to renxin_app using (current_setting(''house.veil'', true) is distinct from ''on'' or house.shows_patient(%s)%s)',
    t, patient, case when other is null then '' else format(' and house.shows_patient(%s)', other) end);
end $$;
