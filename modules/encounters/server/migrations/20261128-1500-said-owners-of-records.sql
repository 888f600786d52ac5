-- Whose record it is by what was said, before any merge: the patient of whom it was said, or the one whose its visit was found to be.
create function encounters.said_owner_of(whom uuid, visit text) returns uuid language sql stable parallel safe as $$
  select coalesce(
    (select e.said_patient_id
       from encounters.encounters e
      where visit is not null and e.id = encounters.visit_of(visit) and e.said_patient_id <> whom
        and exists (select from encounters.facts f where f.encounter_id = e.id and f.said ->> 'patientId' = whom::text)),
    whom)
$$;

create or replace function encounters.owner_of(whom uuid, visit text) returns uuid language sql stable parallel safe as $$
  select coalesce(encounters.survivor_of(o.id), o.id) from (select encounters.said_owner_of(whom, visit) as id) o
$$;
