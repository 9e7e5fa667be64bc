import { KEYS_USAGE } from './keys/arguments.ts';

export const USAGE = `Gatehouse, a gateway to coding agents

Usage: node src/main.ts <command>

  serve [--port <port>]       run the gateway with the settings of the environment and of .env
  down                        stop it, and its agents with their tmux server
  demo [--once]               try it without an account: real Claude Code, a scripted model
  run <workspace> <prompt…>   send a prompt to the running gateway, wait, print the answer
  status <requestId>          print what became of a request
  hooks test <ref>            call a hook once with a sample, and show what it saw and said
${KEYS_USAGE}
  help                        this text
  --version                   the version

Options of serve:
  --port <port>               the port of the HTTP API for this run, instead of HTTP_API_PORT; 0: any free one

Options of run, status and keys:
  --url <address>             a gateway elsewhere (default: the settings' host and port)

Options of hooks test:
  --event <event>             pre_session, post_session or on_error, instead of each of its events

The <ref> of hooks test is a program, a plugin (.mjs, .ts), or the name of a hook in HOOKS_FILE.
The prompt of run is read from stdin when it is given as -.
run exits with 0 when the request completed, 3 when it ended in another way, 1 when the gateway
could not be asked, and 2 when the command was not understood.

Examples:
  npm start
  npm start -- --port 8002
  node src/main.ts run website "Fix the broken link in README.md"
  git diff | node src/main.ts run website -
  node src/main.ts status req-mh3k2x-8f2c61`;
