-- Whether an account had work in hand with a patient round a moment: what tells a look that belongs to a task from one that belongs to none. The room that hands out
-- work puts its own in the place.
create function house.worked_for(patient uuid, account uuid, at timestamptz) returns boolean language sql stable parallel safe as $$ select false $$;
