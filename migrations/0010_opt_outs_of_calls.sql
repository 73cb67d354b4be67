-- A campaign may pause at a number of opt-outs of any call of its sender: they are counted at the gate.

create index suppressions_of_calls on suppressions (account_id, created_at) where source in ('call', 'promotional_call', 'keypad');
