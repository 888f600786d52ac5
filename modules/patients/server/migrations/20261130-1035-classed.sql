-- Who stands in a class of privacy, by today's file: the few whom the veil may hide.
create view patients.classed with (security_invoker = true) as select distinct hospital_id, patient_id from patients.privacy where class <> 'none';
call house.publish('patients.classed');
