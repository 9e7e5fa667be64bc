#!/bin/sh
# Before a session: a person decides whether it begins. Its entry names the workspaces: "workspaces": ["prod-*"].
echo '{"ask": "May this run in production?"}'
