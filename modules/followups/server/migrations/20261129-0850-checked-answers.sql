-- Which answers a check was made of: they may be put right afterwards, and then it is said that the finding is of the former ones.
call house.unforce('followups.checks');
alter table followups.checks add column response_id uuid;
call house.guard('followups.checks');
revoke delete on followups.checks from renxin_app;
