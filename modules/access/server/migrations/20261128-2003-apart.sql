-- Whoever audits runs nothing and gives no rights (GB/T 22239-2019, 8.1.4.2). A hospital that has set its rules before is asked nothing new until it says so.
alter table access.sign_in_rules add column audit_apart boolean not null default false;
