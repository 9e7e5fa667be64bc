#!/bin/sh
# After a session: one line of JSON for each in LOG_FILE. A line may come twice: its event_id is then the same.
printf '%s\n' "$(cat)" >> "$LOG_FILE"
