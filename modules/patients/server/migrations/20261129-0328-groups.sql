-- Groups as other rooms may ask after them: tags and segments, and who is in them.
create view patients.group_cards with (security_invoker = true) as
  select hospital_id, id, 'segment' as kind, name, is_active from patients.segments
  union all select hospital_id, id, 'tag', name, is_active from patients.tags;
call house.publish('patients.group_cards');

create view patients.group_members with (security_invoker = true) as
  select hospital_id, segment_id as group_id, patient_id from patients.segment_members
  union all select hospital_id, tag_id, patient_id from patients.tagged;
call house.publish('patients.group_members');
