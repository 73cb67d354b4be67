-- What opens a number again, or bears on consent, is noted among the evidence; it decides nothing by itself.

alter table evidence drop constraint evidence_decision_check;
alter table evidence add constraint evidence_decision_check check (decision in ('call', 'wait', 'never', 'noted'));
