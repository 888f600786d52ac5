-- Who has which part in a visit, for others to join.
create view encounters.team_cards with (security_invoker = true) as
  select t.hospital_id, t.encounter_id, t.position, t.role, t.person_id
    from encounters.team t join encounters.encounters e on e.hospital_id = t.hospital_id and e.id = t.encounter_id
   where e.merged_into is null;
call house.publish('encounters.team_cards');
