-- Silence on a call is judged by when we heard of its answer: the carrier's clock is not ours.

alter table attempts add column answer_heard_at timestamptz;
