select id as incident_id, opened as opened_at, source_file, source_line from raw
