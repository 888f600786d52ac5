-- After how many months archived rows of the trail may be deleted for good; no row, or null: never. Not before they leave the database, and not before the six months of
-- the Cybersecurity Law.
alter table access.audit_settings add column deletion_months int check (deletion_months between 6 and 600);
alter table access.audit_settings add constraint deleted_after_archived check (deletion_months is null or (retention_months is not null and deletion_months >= retention_months));
