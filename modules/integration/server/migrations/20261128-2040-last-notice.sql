-- What was told last of a resource: the same is not told again, and what changed back is.
create index fhir_notices_of on integration.fhir_notices (hospital_id, subscription_id, type, id, seq);
