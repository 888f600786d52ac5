-- The administrators' list of one person's tasks, open and closed: who has few of them, or none, is not looked for in everybody's.
create index tasks_open_of on followups.tasks (hospital_id, assignee_id, due_by, id) where is_open and assignee_id is not null;
create index tasks_closed_of on followups.tasks (hospital_id, assignee_id, status, closed_at desc, id desc) where not is_open and assignee_id is not null;
