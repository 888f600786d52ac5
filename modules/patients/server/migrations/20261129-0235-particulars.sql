-- What forms may be filled with: of a person what is neither name nor number, and when each was said; of the hospital's own fields those that are not sealed.
create view patients.particulars with (security_invoker = true) as
  select hospital_id, id, sex, birth_on, ethnic, marital, job, nationality, payer, identity_class, said_at
    from patients.patients;
call house.publish('patients.particulars');

create view patients.field_cards with (security_invoker = true) as
  select v.hospital_id, v.object_id, d.object, d.key, d.kind, v.position, v.text_value, v.number_value, v.date_value, v.said_at, v.source
    from patients.field_values v
    join patients.field_definitions d on d.hospital_id = v.hospital_id and d.id = v.field_id
   where v.is_shown and d.is_active and not d.is_sensitive;
call house.publish('patients.field_cards');
