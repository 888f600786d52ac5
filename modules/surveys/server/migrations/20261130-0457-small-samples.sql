-- Below how many answers nothing is shown: who answered could be guessed. Without a row it is five; the hospital may ask for more, never for fewer.
create table surveys.small_samples (
  hospital_id int not null default house.hospital(),
  least       int not null check (least between 5 and 30),
  primary key (hospital_id)
);
call house.guard('surveys.small_samples');
