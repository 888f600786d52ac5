-- What is planned for a stay and has not happened: the discharge (A16, PV2-9) and the move (A15). Called off by A25 and A26, gone when it happens.
alter table encounters.facts drop constraint facts_event_check;
alter table encounters.facts add constraint facts_event_check check (event in (
  'admit', 'register', 'transfer', 'discharge', 'update', 'cancelAdmit', 'cancelDischarge', 'cancelTransfer',
  'preadmit', 'cancelPreadmit', 'toInpatient', 'toOutpatient', 'leave', 'return', 'cancelLeave', 'cancelReturn',
  'planTransfer', 'planDischarge', 'cancelPlanTransfer', 'cancelPlanDischarge'));

call house.unforce('encounters.encounters');
alter table encounters.encounters
  add column expected_discharge_at   timestamptz, -- of a day alone its noon
  add column discharge_planned_since timestamptz,
  add column transfer_planned_since  timestamptz,
  add column transfer_expected_at    timestamptz,
  add column next_ward_id            uuid,
  add column next_room               text,
  add column next_bed                text,
  add column is_leaving boolean not null generated always as (
    status = 'inProgress' and (expected_discharge_at is not null or discharge_planned_since is not null or transfer_planned_since is not null)) stored,
  add foreign key (hospital_id, next_ward_id) references staff.units;
call house.guard('encounters.encounters');
-- The list of whose bed becomes free.
create index on encounters.encounters (hospital_id, class, status_at, id) where is_leaving;

create or replace view encounters.cards with (security_invoker = true) as
  select hospital_id, id, patient_id, number, class, status, status_at, department_id, ward_id, room, bed, attending_id, nurse_id,
         nursing_level, condition, ever_critical, ever_serious, ever_special_nursing, ever_level_one,
         admitted_at, discharged_at, discharged_on, disposition, identity_class, payer, length_of_stay_days,
         main_diagnosis_code, main_diagnosis_name, prior_discharge_on, said_patient_id,
         expected_discharge_at, discharge_planned_since, transfer_planned_since, transfer_expected_at, next_ward_id, next_room, next_bed
    from encounters.encounters;
call house.publish('encounters.cards');
