-- The import that made a statement: with it the statement can be withdrawn, and the encounter reckoned again from the others.
alter table encounters.facts add column origin uuid;
create index on encounters.facts (hospital_id, origin, encounter_id) where origin is not null;
