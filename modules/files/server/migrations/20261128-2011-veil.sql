-- Of a patient whom a session may not see, nothing here is seen either.
call house.veil('files.files');
