-- Systems of Taiwan and Hong Kong, old analysers, and those that send wide characters.
alter table integration.senders drop constraint senders_charset_check;
alter table integration.senders add constraint senders_charset_check
  check (charset in ('auto', 'utf-8', 'gb18030', 'big5', 'windows-1252', 'utf-16le', 'utf-16be'));
