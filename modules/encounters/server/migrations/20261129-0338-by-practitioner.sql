-- Visits are found by whoever has a part in them.
create index on encounters.encounters (hospital_id, attending_id, id) where attending_id is not null;
create index on encounters.encounters (hospital_id, nurse_id, id) where nurse_id is not null;
create index on encounters.team (hospital_id, person_id, encounter_id);
