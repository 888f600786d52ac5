-- When a visit was last spoken of: what a form was filled with says from when it is.
create view encounters.last_said with (security_invoker = true) as
  select hospital_id, encounter_id, max(source_at) as said_at from encounters.facts group by hospital_id, encounter_id;
call house.publish('encounters.last_said');
