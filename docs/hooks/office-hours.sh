#!/bin/sh
# Before a session: denies outside of office hours, which HOURS and DAYS say (Monday is 1), in the time zone TZ.
first_hour=${HOURS%-*} end_hour=${HOURS#*-}
first_day=${DAYS%-*} last_day=${DAYS#*-}
hour=$(date +%H) day=$(date +%u)
hour=${hour#0}
if [ "$day" -ge "$first_day" ] && [ "$day" -le "$last_day" ] && [ "$hour" -ge "$first_hour" ] && [ "$hour" -lt "$end_hour" ]; then
  echo '{}'
else
  echo "{\"allow\": false, \"reason\": \"The office is open from $first_hour to $end_hour o'clock.\"}"
fi
