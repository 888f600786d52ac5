-- Reports leave as documents to print too.
call house.unforce('house.exports');
alter table house.exports
  drop constraint exports_format_check,
  add constraint exports_format_check check (format in ('xlsx', 'csv', 'pdf', 'page', 'spss', 'fhir'));
call house.guard('house.exports');
revoke update, delete on house.exports from renxin_app; -- `guard` gives them back

call house.unforce('house.export_requests');
alter table house.export_requests
  drop constraint export_requests_format_check,
  add constraint export_requests_format_check check (format in ('xlsx', 'csv', 'pdf', 'spss', 'fhir'));
call house.guard('house.export_requests');
revoke update, delete on house.export_requests from renxin_app;
