-- How long a call took, by the middle of those that were made: of each step of a programme, and of all calls (nil, step 0). Reckoned anew by the clock.
create table followups.call_times (
  hospital_id  int         not null default house.hospital(),
  programme_id uuid        not null,
  step         int         not null,
  seconds      int         not null check (seconds >= 0), -- the median
  calls        int         not null check (calls >= 1),
  reckoned_at  timestamptz not null,
  primary key (hospital_id, programme_id, step)
);
call house.guard('followups.call_times');

-- The calls that took place, by their day.
create index attempts_talks on followups.attempts (hospital_id, started_at) where outcome in ('reached', 'relativeAnswered') and channel = 'phone';
