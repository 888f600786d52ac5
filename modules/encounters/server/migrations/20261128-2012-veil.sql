-- Of a patient whom a session may not see, nothing here is seen either.
call house.veil('encounters.encounters');
call house.veil('encounters.reports');
call house.veil('encounters.documents');
call house.veil('encounters.orders');
call house.veil('encounters.charges');
call house.veil('encounters.bookings');
call house.veil('encounters.procedures');
