-- How a doctor or nurse does beside the others is one more thing that a hospital may keep from a role.
alter table access.hidden_fields drop constraint hidden_fields_field_check;
alter table access.hidden_fields add constraint hidden_fields_field_check check (field in ('phone', 'identityCard', 'diagnosis', 'staffRating'));
