-- Two more papers an operator may put on file: a written release of the sender's own brake, and a year's list of public holidays.

alter table sender_papers drop constraint sender_papers_kind_check;
alter table sender_papers add constraint sender_papers_kind_check
  check (kind in ('registration', 'a2p_declaration', 'brake_release', 'holiday_list'));
-- "2028-03-11": the days that a holiday list names.
alter table sender_papers add column dates text[] not null default '{}';
