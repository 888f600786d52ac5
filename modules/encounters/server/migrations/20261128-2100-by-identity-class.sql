-- The different identity classes that stand in visits, each found by a step along the index, and the visits of each: a class that is renamed reaches them.
create index on encounters.encounters (hospital_id, identity_class, id) where identity_class is not null;
