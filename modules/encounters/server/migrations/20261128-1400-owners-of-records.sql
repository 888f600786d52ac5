-- Whose file shows a record today. It was said of one patient; where that file is part of another, it is the survivor's. Where its visit was said of the same
-- patient once and is another's today (moved to the right file, A43 to A45), the record goes with its visit: a laboratory never repeats its results for that.

create function encounters.survivor_of(patient uuid) returns uuid language sql stable parallel safe as $$
  with recursive step (id, into_id) as (
    select c.id, c.merged_into from patients.cards c where c.id = patient
    union
    select c.id, c.merged_into from step s join patients.cards c on c.id = s.into_id
  )
  select s.id from step s where s.into_id is null limit 1
$$;

create function encounters.visit_of(visit text) returns uuid language sql stable parallel safe as $$
  select coalesce((select f.encounter_id from encounters.former_numbers f where f.number = visit),
                  (select coalesce(e.merged_into, e.id) from encounters.encounters e where e.number = visit))
$$;

create function encounters.owner_of(whom uuid, visit text) returns uuid language sql stable parallel safe as $$
  select coalesce(
    (select encounters.survivor_of(e.patient_id)
       from encounters.encounters e
      where visit is not null and e.id = encounters.visit_of(visit) and e.patient_id <> whom
        and exists (select from encounters.facts f where f.encounter_id = e.id and f.said ->> 'patientId' = whom::text)),
    encounters.survivor_of(whom),
    whom)
$$;

-- Records move with a visit by its numbers.
create index on encounters.encounters (hospital_id, merged_into, number) where merged_into is not null;
