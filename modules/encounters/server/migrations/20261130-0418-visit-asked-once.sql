-- As before, but the visit is looked for once: on a table that the planner takes for a small one it was looked for at every row.
create or replace function encounters.said_owner_of(whom uuid, visit text) returns uuid language sql stable parallel safe as $$
  select coalesce(
    (select e.said_patient_id
       from encounters.encounters e
      where visit is not null and e.id = (select encounters.visit_of(visit)) and e.said_patient_id <> whom
        and exists (select from encounters.facts f where f.encounter_id = e.id and f.said ->> 'patientId' = whom::text)),
    whom)
$$;
