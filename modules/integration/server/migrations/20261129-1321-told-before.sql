-- What was told of a follow-up before, to each destination: a result that is another now replaces it there.
create index outgoing_followups on integration.outgoing (hospital_id, object_id, destination_id, seq) where kind = 'followup';
