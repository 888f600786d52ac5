-- Why a backup could not be read, where that is what was tried: its sentence is found by this.
alter table setup.tries add column fault text;
