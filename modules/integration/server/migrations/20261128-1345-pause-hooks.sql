-- The hospital holds a subscriber's line: what happens meanwhile waits in it and nothing is sent.
alter table integration.fhir_subscriptions add column is_paused boolean not null default false;
