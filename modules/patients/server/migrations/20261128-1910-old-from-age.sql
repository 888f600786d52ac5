-- From what age on somebody is to be taken more care of: the hospital's own word; null where age is no reason.
alter table patients.settings add column old_from_age int default 80 check (old_from_age between 1 and 120);
