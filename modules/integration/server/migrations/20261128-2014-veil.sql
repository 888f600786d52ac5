-- Of a patient whom a session may not see, nothing here is seen either.
call house.veil('integration.messages');
call house.veil('integration.outgoing');
call house.veil('integration.corrections');
call house.veil('integration.fhir_resources');
call house.veil('integration.import_rows');
call house.veil('integration.view_rows');
call house.veil('integration.fhir_notices');
