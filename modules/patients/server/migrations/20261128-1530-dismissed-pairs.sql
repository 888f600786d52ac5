-- What the two said when somebody said that they are two people: it is known again after one of them was merged and parted, or said something else for a while.
call house.unforce('patients.duplicates');
alter table patients.duplicates add column dismissed_print text;
update patients.duplicates set dismissed_print = print where dismissed_at is not null;
call house.guard('patients.duplicates');
