// Written by scripts/write-openapi.ts from openapi.yaml: npm run openapi
/* oxlint-disable */
export interface paths {
    "/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand work to the agent of a workspace
         * @description Answers as soon as the request is on disk. The folder of a new workspace is created. Poll the `Location`, or wait with `Prefer: wait=N`.
         */
        post: operations["execute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what became of a request
         * @description With `Prefer: wait=N` the answer waits for the end of the request. With `If-None-Match` it is 304 when nothing has changed but the time that has passed.
         */
        get: operations["readStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{requestId}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the answer as text
         * @description Also what was said before a turn was stopped. Empty when the request ended without text; 404 while it is active.
         */
        get: operations["readOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{requestId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a request
         * @description In any state, and as often as you like: an ended request is answered as it is, a running one is interrupted and ends soon.
         */
        post: operations["cancelRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List requests
         * @description Newest first, a page at a time: go on with `cursor` while `next` is not null. Requests that come meanwhile change no later page.
         */
        get: operations["listRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all sessions */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{workspace}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one session */
        get: operations["readSession"];
        put?: never;
        post?: never;
        /**
         * End a session and forget its conversation
         * @description Its ended requests stay readable. 409 while requests are active, unless forced.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a session and start its agent
         * @description Not needed before POST /execute; it saves the first request the start of the agent.
         */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{workspace}/screen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the screen of the agent as text
         * @description For people and debugging. 409 while the session is asleep.
         */
        get: operations["readScreen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{requestId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a request, as server-sent events
         * @description All events of the request from the first one on, or behind `Last-Event-ID` or `after`: what is stored, then what comes. Each has its number as `id`, its type as `event`, and as `data` a JSON document with both. The stream ends behind the end of the request; 204 when that was before. Types and examples: docs/streams.md.
         */
        get: operations["followRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events over a WebSocket
         * @description Those of one request, of one workspace, or all; from now on, or behind `after`. Each text frame is one event as a JSON document. A query that names none of the three leaves it to the first frame of the client: `{"requestId"?, "workspace"?, "after"?}`. Frames, close codes and limits: docs/streams.md.
         */
        get: operations["openStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stream-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for one WebSocket
         * @description For browsers, which cannot set headers there: `?ticket=` opens `/stream`, `/ws` or a terminal once, within 30 seconds, as its key would.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{workspace}/terminal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sit at the terminal of a session, over a WebSocket
         * @description Binary frames are terminal output and keys; text frames are JSON: `opened`, `taken` (with `confirm`) and `exited` from the gateway, `resize` from the client. Where headers cannot be set, name a `ticket`, or offer the subprotocols `gatehouse.terminal` and `gatehouse.key.<base64url of the key>`. 409 while the session is asleep. Frames, close codes and limits: docs/terminal.md.
         */
        get: operations["openTerminal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the bot does
         * @description Of the workspace BOT_WORKSPACE, whatever the source of its tasks.
         */
        get: operations["readBotStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand a task to the bot
         * @description Runs in the workspace BOT_WORKSPACE. Its answer is read at the `Location`.
         */
        post: operations["submitTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Give tasks to the bot over a WebSocket, and get their answers
         * @description Text frames with JSON: `{type: "task", command}` from the client, `{type, content, success, timestamp, …}` from the gateway. Where headers cannot be set, offer the subprotocols `gatehouse.bot` and `gatehouse.key.<base64url of the key>`. Frames and what becomes of tasks whose client goes away: docs/bot-server.md.
         */
        get: operations["joinBot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/sessions/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a quick session in a worktree of its own
         * @description On a new branch, from the default branch of the repository, which is fetched first.
         */
        post: operations["startQuickSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/sessions/{id}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to the agent of a quick session
         * @description It waits behind earlier ones. What becomes of it is told at the WebSocket, and at its `Location`.
         */
        post: operations["sendQuickMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the quick sessions
         * @description The one that was used last comes first.
         */
        get: operations["listQuickSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a quick session and its messages */
        get: operations["readQuickSession"];
        put?: never;
        post?: never;
        /**
         * End a quick session and remove its worktree
         * @description What is not committed is discarded. A branch with commits that exist nowhere else is kept.
         */
        delete: operations["deleteQuickSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/sessions/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what changed in the worktree of a quick session */
        get: operations["diffQuickSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/sessions/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push the branch of a quick session
         * @description Commits what is there, pushes to the remote, and opens a draft pull request where `gh` or `glab` is installed. 409 while a message runs.
         */
        post: operations["publishQuickSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quick/ws/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a quick session over a WebSocket, and type into it
         * @description Text frames with JSON: `connected`, `statusChange`, `assistantText`, `toolUse`, `result`, `error` from the gateway, `{type: "user_input", content}` from the client. Each frame that tells of an event has its `seq`; `?after=` goes on behind it. Frames and close codes: docs/quick.md.
         */
        get: operations["joinQuickSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List permission prompts of the agents
         * @description Newest first, open or not; `?state=open` for those that wait for a decision.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one permission prompt */
        get: operations["readApproval"];
        put?: never;
        /**
         * Allow or deny what an agent asks
         * @description Answers when the agent has taken the decision. 409 when somebody else was first, also a person at the terminal. After ten seconds without a word from the agent the answer is the approval as it stands: `open`, with the decision on disk.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is owed to addresses
         * @description Newest first, a page at a time: go on with `cursor` while `next` is not null.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description One that was refused or given up is owed again, at its old place among those for its address, and tried at once.
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description Without their secrets.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Subscribe to events
         * @description Ends of requests, approvals and pauses are POSTed to the URL as they happen, signed by Standard Webhooks. The secret is shown only in this answer.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a subscription
         * @description What is still owed to it is refused.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a webhook
         * @description An event `webhook.test` is owed to it, in its order; what became of it is listed by GET /deliveries.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret
         * @description The one before signs beside it for a day. The new one is shown only in this answer.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read tokens and money that the agents took
         * @description Sums by day, workspace, key or model, of turns that ended in a span of time, also of those that did not complete. Money is what the agent tells, otherwise by the price table (`PRICES_FILE`); what is not known is counted in `unpriced`, and never guessed.
         */
        get: operations["readUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the keys of callers
         * @description Without their secrets; also those that have expired.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make a key for a caller
         * @description It may do what its scopes say, in the workspaces that are named. The key is shown only in this answer: what is kept is a hash.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret for a key
         * @description The one before opens nothing any more, and what it has open ends within a second.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description It opens nothing any more; its streams and terminals end within a second. Its requests go on.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who did what
         * @description Oldest first, a page at a time: go on with `after` while `next` is not null. With `Accept: application/x-ndjson` each line is one of JSON. Each carries a hash over the one before: `gatehouse audit verify` proves that none is missing. Prompts are in it only with `LOG_PROMPTS=true`.
         */
        get: operations["readAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the state of the gateway and of its parts */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["readLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the gateway takes work */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is measured, for Prometheus
         * @description In the text format of Prometheus. No label holds an id, the name of a workspace, or a key. With `METRICS_PORT` it is also read at that port, without a key.
         */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description A request that is on disk.
         * @example {
         *       "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *       "source": "http",
         *       "status": "queued",
         *       "workspace": "demo",
         *       "message": "Command queued for execution"
         *     }
         */
        Accepted: {
            /**
             * @description Names the request.
             * @example req-mjv3k2a0-4f6Qm8Zr
             */
            requestId: string;
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /** @description Where the request came in. */
            source: components["schemas"]["Source"];
            /** @description `queued`, or for a replay or after a wait the current state. */
            status: components["schemas"]["RequestState"];
            /**
             * @description For people.
             * @example Command queued for execution
             */
            message: string;
        };
        /**
         * @description A task that is on disk.
         * @example {
         *       "status": "queued",
         *       "task_id": "TASK-1",
         *       "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *       "source": "bot",
         *       "workspace": "bot",
         *       "message": "Command queued for execution"
         *     }
         */
        AcceptedTask: {
            /** @description `queued`, or for a replay the current state. */
            status: components["schemas"]["RequestState"];
            /**
             * @description As it was sent.
             * @example TASK-002-011
             */
            task_id: string;
            /**
             * @description Names the request: see `/status/{requestId}`.
             * @example req-mjv3k2a0-4f6Qm8Zr
             */
            requestId: string;
            /**
             * @description BOT_WORKSPACE.
             * @example bot
             */
            workspace: string;
            /** @description Where the request came in. */
            source: components["schemas"]["Source"];
            /**
             * @description For people.
             * @example Task queued for execution
             */
            message: string;
        };
        /**
         * @description What the bot does.
         * @example {
         *       "status": "idle",
         *       "uptime": 3600,
         *       "tasks_processed": 12,
         *       "tasks_waiting": 0,
         *       "current_task": null,
         *       "current_request_id": null,
         *       "current_source": null,
         *       "workspace": "bot"
         *     }
         */
        BotStatus: {
            /** @description `busy`: a turn runs or tasks wait. `stopping`: or just starting; it takes none. */
            status: components["schemas"]["BotState"];
            /**
             * @description Of the gateway (milliseconds).
             * @example 4200
             */
            uptime: number;
            /**
             * @description Tasks that ended, from every source, since the session of the workspace was created.
             * @example 3
             */
            tasks_processed: number;
            /**
             * @description Tasks that are queued.
             * @example 3
             */
            tasks_waiting: number;
            /** @description The `task_id` of the task that runs, or its request’s id where it has none. */
            current_task: string | null;
            /** @description The id of the request that runs. */
            current_request_id: string | null;
            /** @description Where it came in. */
            current_source: components["schemas"]["Source"] | null;
            /**
             * @description BOT_WORKSPACE.
             * @example bot
             */
            workspace: string;
        };
        /**
         * @description A permission prompt of an agent, and what became of it.
         * @example {
         *       "id": "apr-mjv3k2a0-4f6Qm8Zr",
         *       "state": "open",
         *       "kind": "tool",
         *       "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *       "workspace": "demo",
         *       "tool": "Bash",
         *       "input": {
         *         "command": "npm test"
         *       },
         *       "subagent": null,
         *       "canRemember": true,
         *       "rules": [
         *         {
         *           "type": "addRules",
         *           "behavior": "allow",
         *           "rules": [
         *             {
         *               "toolName": "Bash",
         *               "ruleContent": "npm test"
         *             }
         *           ]
         *         }
         *       ],
         *       "questions": null,
         *       "decision": null,
         *       "message": null,
         *       "answers": null,
         *       "decidedBy": null,
         *       "decidedAt": null,
         *       "createdAt": 1767225601000,
         *       "expiresAt": 1767226201000
         *     }
         */
        Approval: {
            /**
             * @description Names the approval.
             * @example apr-mjv3k2a0-4f6Qm8Zr
             */
            id: string;
            /** @description `expired`: nobody decided in time, or the turn ended first. */
            state: components["schemas"]["ApprovalState"];
            /** @description May a tool run, what is the answer to a question, may a plan be carried out; an MCP server asks for input (`form`: `server`, `message`, `mode`, `schema`, `url` in `input`), or any other dialog stands on the screen of the agent (`dialog`: its `text` in `input`, its choices in `questions`). */
            kind: components["schemas"]["ApprovalKind"];
            /**
             * @description The request whose turn asks.
             * @example req-mjv3k2a0-4f6Qm8Zr
             */
            requestId: string;
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /**
             * @description The tool, as the agent names it.
             * @example Bash
             */
            tool: string;
            /** @description What the tool is to be given. */
            input: {
                [key: string]: unknown;
            };
            /** @description The agent's id of the subagent that asks; null for the agent itself. */
            subagent: string | null;
            /**
             * @description Whether `remember` may be sent.
             * @example true
             */
            canRemember: boolean;
            /** @description What `remember` would allow, in the agent's own form. */
            rules: {
                [key: string]: unknown;
            }[];
            /** @description For the kinds `question` and `dialog`. */
            questions: {
                /** @description Its text, by which it is answered. */
                question: string;
                /** @description A word for it. */
                header: string;
                /** @description Whether several options may be chosen. */
                multiSelect: boolean;
                /** @description What is offered; own words are allowed, too. */
                options: {
                    /** @description The answer. */
                    label: string;
                    /** @description What it means. */
                    description: string;
                }[];
            }[] | null;
            /** @description What was decided here. While the state is `open`, it is on disk and about to be given. */
            decision: components["schemas"]["Decision"] | null;
            /** @description What the agent is told with a denial. */
            message: string | null;
            /** @description For a question, a form or a dialog that was answered here. */
            answers: {
                [key: string]: string | number | boolean | string[];
            } | null;
            /** @description Who decided. `terminal`: a person at the dialog; `agent`: the agent’s side, without a person; `rule`: an earlier one with `remember`. */
            decidedBy: components["schemas"]["Decider"] | null;
            /** @description When it was decided (epoch milliseconds). */
            decidedAt: number | null;
            /**
             * @description When the agent asked (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /**
             * @description When it is denied if nobody decides (epoch milliseconds)
             * @example 1767225600000
             */
            expiresAt: number;
        };
        /**
         * @description Approvals.
         * @example {
         *       "approvals": [
         *         {
         *           "id": "apr-mjv3k2a0-4f6Qm8Zr",
         *           "state": "open",
         *           "kind": "tool",
         *           "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *           "workspace": "demo",
         *           "tool": "Bash",
         *           "input": {
         *             "command": "npm test"
         *           },
         *           "subagent": null,
         *           "canRemember": true,
         *           "rules": [
         *             {
         *               "type": "addRules",
         *               "behavior": "allow",
         *               "rules": [
         *                 {
         *                   "toolName": "Bash",
         *                   "ruleContent": "npm test"
         *                 }
         *               ]
         *             }
         *           ],
         *           "questions": null,
         *           "decision": null,
         *           "message": null,
         *           "answers": null,
         *           "decidedBy": null,
         *           "decidedAt": null,
         *           "createdAt": 1767225601000,
         *           "expiresAt": 1767226201000
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        ApprovalList: {
            /** @description Newest first. */
            approvals: components["schemas"]["Approval"][];
            /**
             * @description How many there are, beyond the limit too.
             * @example 1
             */
            total: number;
        };
        /**
         * @description A request without its text; all of it is at `/status/{requestId}`.
         * @example {
         *       "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *       "workspace": "demo",
         *       "agent": "claude",
         *       "source": "http",
         *       "priority": "normal",
         *       "state": "completed",
         *       "phase": null,
         *       "reason": null,
         *       "retryable": null,
         *       "error": null,
         *       "createdAt": 1767225600000,
         *       "startedAt": 1767225600020,
         *       "completedAt": 1767225604200,
         *       "retries": 0,
         *       "output": {
         *         "available": true,
         *         "bytes": 6
         *       }
         *     }
         */
        RequestSummary: {
            /**
             * @description Names the request.
             * @example req-mjv3k2a0-4f6Qm8Zr
             */
            requestId: string;
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /** @description The program that does the work. */
            agent: components["schemas"]["Agent"];
            /** @description Where the request came in. */
            source: components["schemas"]["Source"];
            /** @description Class of the request. */
            priority: components["schemas"]["Priority"];
            /** @description Where it stands. */
            state: components["schemas"]["RequestState"];
            /** @description Where a running request stands; null otherwise. */
            phase: components["schemas"]["Phase"] | null;
            /** @description Why the request did not complete; null otherwise. */
            reason: components["schemas"]["Reason"] | null;
            /** @description Whether sending it again is sensible; null unless it did not complete. */
            retryable: boolean | null;
            /** @description What went wrong and what to do, for people. */
            error: string | null;
            /**
             * @description When it was accepted (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /** @description When its turn started (epoch milliseconds). */
            startedAt: number | null;
            /** @description When it ended (epoch milliseconds). */
            completedAt: number | null;
            /**
             * @description Starts beyond the first.
             * @example 0
             */
            retries: number;
            /** @description The answer, to be read at `/status/{requestId}/output`. */
            output: {
                /** @description Whether there is text, also a partial one. */
                available: boolean;
                /**
                 * @description Length of the text in UTF-8.
                 * @example 2
                 */
                bytes: number;
            };
        };
        /**
         * @description A page of requests.
         * @example {
         *       "requests": [
         *         {
         *           "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *           "workspace": "demo",
         *           "agent": "claude",
         *           "source": "http",
         *           "priority": "normal",
         *           "state": "completed",
         *           "phase": null,
         *           "reason": null,
         *           "retryable": null,
         *           "error": null,
         *           "createdAt": 1767225600000,
         *           "startedAt": 1767225600020,
         *           "completedAt": 1767225604200,
         *           "retries": 0,
         *           "output": {
         *             "available": true,
         *             "bytes": 6
         *           }
         *         }
         *       ],
         *       "next": null
         *     }
         */
        RequestList: {
            /** @description Newest first. */
            requests: components["schemas"]["RequestSummary"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next: string | null;
        };
        /**
         * @description Stands for the key of its caller, once.
         * @example {
         *       "ticket": "tkt-4f6Qm8Zr1c2D3e4F5g6H7j8K",
         *       "expiresAt": 1767225630000
         *     }
         */
        StreamTicket: {
            /** @description Opens one WebSocket, as `?ticket=`. */
            ticket: string;
            /**
             * @description Until when it can be used (epoch milliseconds)
             * @example 1767225600000
             */
            expiresAt: number;
        };
        /**
         * @description All that became of a request.
         * @example {
         *       "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *       "workspace": "demo",
         *       "agent": "claude",
         *       "source": "http",
         *       "priority": "normal",
         *       "state": "completed",
         *       "phase": null,
         *       "reason": null,
         *       "retryable": null,
         *       "error": null,
         *       "createdAt": 1767225600000,
         *       "startedAt": 1767225600020,
         *       "completedAt": 1767225604200,
         *       "retries": 0,
         *       "output": {
         *         "available": true,
         *         "bytes": 6,
         *         "text": "Hello."
         *       },
         *       "sessionName": "claude-demo",
         *       "prompt": {
         *         "altered": false,
         *         "how": []
         *       },
         *       "conversationLost": null,
         *       "elapsed": 9000,
         *       "duration": 4200,
         *       "position": null,
         *       "pause": null,
         *       "estimatedCompletionAt": null,
         *       "usage": {
         *         "inputTokens": 1200,
         *         "outputTokens": 300,
         *         "cacheReadTokens": 9000,
         *         "cacheWriteTokens": 800,
         *         "costMicroUsd": 23400,
         *         "models": [
         *           {
         *             "model": "claude-sonnet-4-5",
         *             "inputTokens": 1200,
         *             "outputTokens": 300,
         *             "cacheReadTokens": 9000,
         *             "cacheWriteTokens": 800,
         *             "costMicroUsd": 23400
         *           }
         *         ]
         *       },
         *       "usagePending": false,
         *       "approvals": [],
         *       "deliveries": [
         *         {
         *           "id": "msg_mjv3k2a04f6c1d2e3b",
         *           "to": "webhook:https://example.org",
         *           "kind": "answer",
         *           "event": "request.completed",
         *           "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *           "workspace": "demo",
         *           "webhookId": null,
         *           "state": "sent",
         *           "attempts": 1,
         *           "nextAttemptAt": null,
         *           "createdAt": 1767225604200,
         *           "endedAt": 1767225604400,
         *           "lastError": null,
         *           "link": null
         *         }
         *       ]
         *     }
         */
        Status: {
            /**
             * @description Names the request.
             * @example req-mjv3k2a0-4f6Qm8Zr
             */
            requestId: string;
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /**
             * @description The tmux session.
             * @example claude-project-a
             */
            sessionName: string;
            /** @description The program that does the work. */
            agent: components["schemas"]["Agent"];
            /** @description Where the request came in. */
            source: components["schemas"]["Source"];
            /** @description Class of the request. */
            priority: components["schemas"]["Priority"];
            /** @description A request ends in exactly one of the last four. */
            state: components["schemas"]["RequestState"];
            /** @description Where a running request stands; null otherwise. */
            phase: components["schemas"]["Phase"] | null;
            /** @description Why the request did not complete; null otherwise. */
            reason: components["schemas"]["Reason"] | null;
            /** @description Whether sending it again is sensible; null unless it did not complete. */
            retryable: boolean | null;
            /** @description What went wrong and what to do, for people. */
            error: string | null;
            /**
             * @description When it was accepted (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /** @description When its turn started (epoch milliseconds). */
            startedAt: number | null;
            /** @description When it ended (epoch milliseconds). */
            completedAt: number | null;
            /** @description What became of the prompt on its way. */
            prompt: {
                /**
                 * @description Whether the agent gets another text than was sent.
                 * @example false
                 */
                altered: boolean;
                /** @description By the gateway: `line_breaks` (CRLF and CR became LF), `controls_removed`, `end_trimmed` (white space at the end), `escaped` (a `\\` in front, so that a command is text), `space_in_front` (the same where it was pasted). By the agent: `tabs_expanded`, `composed` (to NFC), `invisible_removed`, `line_separators_replaced`, `tags_escaped` (a `\\` behind the `<` of a tag that is its own, as `<pasted_content>`). */
                how: components["schemas"]["Alteration"][];
                /** @description With `altered`: the text that the agent gets, up to 65,536 bytes. */
                text?: string;
            };
            /** @description The agent has the prompt in a new conversation, without what was said in this session before: the file of that one is `gone`, or holds none that the agent can read. Null otherwise. */
            conversationLost: components["schemas"]["ConversationLoss"] | null;
            /**
             * @description From its acceptance to now (milliseconds)
             * @example 4200
             */
            elapsed: number;
            /**
             * @description From its acceptance to its end, or to now (milliseconds)
             * @example 4200
             */
            duration: number;
            /** @description Place in the queue of its session, 1 for the next; null unless queued. */
            position: number | null;
            /** @description Why the queue stands still while the account of the agent can do nothing; it goes on by itself. Null otherwise. */
            pause: {
                reason: components["schemas"]["PauseReason"];
                /** @description What the agent said. */
                message: string;
                /**
                 * @description When the pause began (epoch milliseconds)
                 * @example 1767225600000
                 */
                since: number;
                /**
                 * @description When the agent is asked again (epoch milliseconds)
                 * @example 1767225600000
                 */
                nextProbeAt: number;
            } | null;
            /** @description Expected end (epoch milliseconds), by the median of the last 20 completed turns of its workspace; null before the first of them and once it has ended. */
            estimatedCompletionAt: number | null;
            /**
             * @description Starts beyond the first.
             * @example 0
             */
            retries: number;
            /** @description The answer. */
            output: {
                /** @description Whether there is text, also a partial one. */
                available: boolean;
                /**
                 * @description Length of the text in UTF-8.
                 * @example 2
                 */
                bytes: number;
                /**
                 * @description The text, up to 65,536 bytes.
                 * @example ok
                 */
                text?: string;
            };
            /** @description What the turn took, by the agent’s own word: `claude-print` tells it, the transcript of Claude Code in a terminal holds it. Null when neither does. */
            usage: {
                /** @description Tokens read that no cache held. */
                inputTokens: number;
                /** @description Tokens written. */
                outputTokens: number;
                /** @description Tokens read from a cache. */
                cacheReadTokens: number;
                /** @description Tokens read, and kept in a cache. */
                cacheWriteTokens: number;
                /** @description Millionths of a US dollar, as the agent reckons them; null when it tells none. */
                costMicroUsd: number | null;
                /** @description The same for each model that was asked; they sum to the whole. */
                models: {
                    /** @description As the agent names it. */
                    model: string;
                    /** @description Tokens read that no cache held. */
                    inputTokens: number;
                    /** @description Tokens written. */
                    outputTokens: number;
                    /** @description Tokens read from a cache. */
                    cacheReadTokens: number;
                    /** @description Tokens read, and kept in a cache. */
                    cacheWriteTokens: number;
                    /** @description Millionths of a US dollar, as the agent reckons them; null when it tells none. */
                    costMicroUsd: number | null;
                }[];
            } | null;
            /**
             * @description Whether what the turn took is still to come: it is there, or known to be null, some 0.1 s behind the end, at most seconds. The event `usage.noted` tells of it.
             * @example false
             */
            usagePending: boolean;
            /** @description Permission prompts of the turn, oldest first. */
            approvals: components["schemas"]["Approval"][];
            /** @description What is owed of it to addresses, oldest first. */
            deliveries: components["schemas"]["Delivery"][];
        };
        /**
         * @description The one conversation of a workspace.
         * @example {
         *       "workspace": "demo",
         *       "sessionName": "claude-demo",
         *       "agent": "claude",
         *       "agentSessionId": "0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b",
         *       "status": "idle",
         *       "createdAt": 1767225600000,
         *       "lastActivityAt": 1767225604200,
         *       "activeRequests": 0,
         *       "totalRequests": 1,
         *       "spent": {
         *         "requests": 1,
         *         "inputTokens": 1200,
         *         "outputTokens": 300,
         *         "cacheReadTokens": 9000,
         *         "cacheWriteTokens": 800,
         *         "costMicroUsd": 23400,
         *         "unpriced": 0
         *       },
         *       "age": 9000,
         *       "attach": "tmux -S /srv/gatehouse/data/tmux/server attach -t '=claude-demo'",
         *       "attached": 0,
         *       "permissionMode": "default",
         *       "process": {
         *         "pid": 4711,
         *         "processes": 3,
         *         "memoryBytes": 335544320,
         *         "cpuMs": 2100,
         *         "startedAt": 1767225600000
         *       }
         *     }
         */
        Session: {
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /**
             * @description The tmux session.
             * @example claude-project-a
             */
            sessionName: string;
            /** @description The program that does the work. */
            agent: components["schemas"]["Agent"];
            /** @description The agent's own id of the conversation; null before its first start. */
            agentSessionId: string | null;
            /** @description `active`: a turn runs. `asleep`: without a live agent; work resumes it. */
            status: components["schemas"]["SessionStatus"];
            /**
             * @description When it was created (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /**
             * @description When it last worked (epoch milliseconds)
             * @example 1767225600000
             */
            lastActivityAt: number;
            /**
             * @description Requests that are queued or running.
             * @example 2
             */
            activeRequests: number;
            /**
             * @description Requests ever.
             * @example 15
             */
            totalRequests: number;
            /** @description What its turns took. */
            spent: {
                /**
                 * @description That took it, whole or in part.
                 * @example 12
                 */
                requests: number;
                /**
                 * @description Read, but from no cache.
                 * @example 1200
                 */
                inputTokens: number;
                /**
                 * @description Written.
                 * @example 1200
                 */
                outputTokens: number;
                /**
                 * @description Read from a cache.
                 * @example 1200
                 */
                cacheReadTokens: number;
                /**
                 * @description Written to a cache.
                 * @example 1200
                 */
                cacheWriteTokens: number;
                /**
                 * @description The sum of what is known, in millionths of a US dollar, exactly.
                 * @example 23400
                 */
                costMicroUsd: number;
                /**
                 * @description Requests of which some cost is not known, so that it is not in the sum.
                 * @example 0
                 */
                unpriced: number;
            };
            /**
             * @description Since its creation (milliseconds)
             * @example 4200
             */
            age: number;
            /** @description The line to type for attaching to its terminal; null while it is asleep. */
            attach: string | null;
            /**
             * @description People who are attached to its terminal.
             * @example 0
             */
            attached: number;
            /** @description The permission mode that the agent is in now, as it names it. A person may have set another one at the terminal than CLAUDE_PERMISSION_MODE (or what an approval with `remember` set): the next request runs in that again. Null while it is asleep, and when it is not known. */
            permissionMode: string | null;
            /** @description What the live agent takes of the machine; null while it is asleep. */
            process: {
                /** @description Of the agent. */
                pid: number;
                /** @description The agent and all that it started. */
                processes: number;
                /** @description Resident memory of all of them. */
                memoryBytes: number;
                /**
                 * @description Processor time of all of them (milliseconds)
                 * @example 4200
                 */
                cpuMs: number;
                /**
                 * @description When the agent was started (epoch milliseconds)
                 * @example 1767225600000
                 */
                startedAt: number;
            } | null;
        };
        /**
         * @description Sessions.
         * @example {
         *       "sessions": [
         *         {
         *           "workspace": "demo",
         *           "sessionName": "claude-demo",
         *           "agent": "claude",
         *           "agentSessionId": "0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b",
         *           "status": "idle",
         *           "createdAt": 1767225600000,
         *           "lastActivityAt": 1767225604200,
         *           "activeRequests": 0,
         *           "totalRequests": 1,
         *           "spent": {
         *             "requests": 1,
         *             "inputTokens": 1200,
         *             "outputTokens": 300,
         *             "cacheReadTokens": 9000,
         *             "cacheWriteTokens": 800,
         *             "costMicroUsd": 23400,
         *             "unpriced": 0
         *           },
         *           "age": 9000,
         *           "attach": "tmux -S /srv/gatehouse/data/tmux/server attach -t '=claude-demo'",
         *           "attached": 0,
         *           "permissionMode": "default",
         *           "process": {
         *             "pid": 4711,
         *             "processes": 3,
         *             "memoryBytes": 335544320,
         *             "cpuMs": 2100,
         *             "startedAt": 1767225600000
         *           }
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        SessionList: {
            /** @description All of them. */
            sessions: components["schemas"]["Session"][];
            /**
             * @description How many.
             * @example 1
             */
            total: number;
        };
        /**
         * @description A session that is gone.
         * @example {
         *       "workspace": "demo",
         *       "status": "deleted"
         *     }
         */
        Deleted: {
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /**
             * @description Always `deleted`.
             * @enum {string}
             */
            status: "deleted";
        };
        /**
         * @description The state of the gateway.
         * @example {
         *       "status": "healthy",
         *       "timestamp": "2026-01-01T00:00:00.000Z",
         *       "checks": {
         *         "tmuxServer": {
         *           "healthy": true,
         *           "sessionsCount": 1
         *         },
         *         "sessions": {
         *           "healthy": true,
         *           "total": 1,
         *           "active": 0,
         *           "live": 1,
         *           "max": 8
         *         },
         *         "filesystem": {
         *           "healthy": true
         *         },
         *         "gateway": {
         *           "healthy": true,
         *           "transports": [],
         *           "hookListener": true
         *         },
         *         "store": {
         *           "healthy": true,
         *           "today": {
         *             "costUsd": 0.0234,
         *             "leftUsd": null,
         *             "unpriced": 0
         *           }
         *         },
         *         "agent": {
         *           "healthy": true,
         *           "installed": true,
         *           "credentials": true,
         *           "version": "2.1.332",
         *           "pause": null
         *         }
         *       }
         *     }
         */
        Health: {
            /** @description `healthy` when every check is. */
            status: components["schemas"]["HealthStatus"];
            /**
             * Format: date-time
             * @description ISO 8601.
             * @example 2026-01-01T10:30:00.000Z
             */
            timestamp: string;
            /** @description One entry for each part, looked at a second ago at most; pauses, `active` and `live` as of now. */
            checks: {
                /** @description The tmux server. */
                tmuxServer: {
                    /** @description Whether it works. */
                    healthy: boolean;
                    /** @description What is wrong; only where it does not work. */
                    error?: string;
                    /** @description Its sessions. */
                    sessionsCount?: number;
                } & {
                    [key: string]: unknown;
                };
                /** @description The conversations of workspaces. */
                sessions: {
                    /** @description Whether it works. */
                    healthy: boolean;
                    /** @description What is wrong; only where it does not work. */
                    error?: string;
                    /** @description All of them. */
                    total?: number;
                    /** @description Those in which a turn runs. */
                    active?: number;
                    /** @description Those with a live agent. */
                    live?: number;
                    /** @description How many may have one. */
                    max?: number;
                } & {
                    [key: string]: unknown;
                };
                /** @description The folders that must be writable. */
                filesystem: {
                    /** @description Whether it works. */
                    healthy: boolean;
                    /** @description What is wrong; only where it does not work. */
                    error?: string;
                    /** @description Where a file system is odd. */
                    notes?: string[];
                } & {
                    [key: string]: unknown;
                };
                /** @description The gateway itself. */
                gateway: {
                    /** @description Whether it works. */
                    healthy: boolean;
                    /** @description What is wrong; only where it does not work. */
                    error?: string;
                    /** @description What delivers, and to whom it cannot. */
                    transports?: {
                        /** @description As it begins an address. */
                        name: string;
                        /** @description What is set up wrong. */
                        problems?: string[];
                        /** @description Addresses that did not take what was tried last. */
                        failing: number;
                        /** @description The first of those that are tried seldom, since they have failed for days. Empty but for keys with `read` for all workspaces. */
                        paused: {
                            /** @description The address, without the path of a URL. */
                            to: string;
                            /** @description Since when it takes nothing (epoch milliseconds). */
                            failingSince: number;
                            /** @description What the last attempt met. */
                            lastError: string;
                        }[];
                    }[];
                    /** @description Whether agents can report. */
                    hookListener?: boolean;
                } & {
                    [key: string]: unknown;
                };
                /** @description The database. */
                store: {
                    /** @description Whether it works. */
                    healthy: boolean;
                    /** @description What is wrong; only where it does not work. */
                    error?: string;
                    /** @description This day (UTC). Only for keys with `read` for all workspaces. */
                    today?: {
                        /** @description What was spent. */
                        costUsd: number;
                        /** @description What is left of DAILY_MAX_COST_USD; null: there is no limit. */
                        leftUsd: number | null;
                        /** @description Requests whose cost is not known. */
                        unpriced: number;
                    };
                } & {
                    [key: string]: unknown;
                };
                /** @description The program that does the work by default. */
                agent: {
                    /** @description Whether it works. */
                    healthy: boolean;
                    /** @description What is wrong; only where it does not work. */
                    error?: string;
                    /** @description Whether it can be started. */
                    installed?: boolean;
                    /** @description Whether it has some. */
                    credentials?: boolean;
                    /** @description What to do where one of them is false. */
                    hint?: string | null;
                    /** @description As it says itself; null when it does not. */
                    version?: string | null;
                    /** @description What speaks against this version, which is used all the same. */
                    warning?: string | null;
                    /** @description Why its queues stand still for now; null: they do not. */
                    pause?: {
                        reason: components["schemas"]["PauseReason"];
                        /** @description What the agent said. */
                        message: string;
                        /**
                         * @description When the pause began (epoch milliseconds)
                         * @example 1767225600000
                         */
                        since: number;
                        /**
                         * @description When the agent is asked again (epoch milliseconds)
                         * @example 1767225600000
                         */
                        nextProbeAt: number;
                    } | null;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        /**
         * @description A chat with an agent in a worktree of its own.
         * @example {
         *       "id": "quick-1767225600",
         *       "repo": "owner/repo",
         *       "status": "idle",
         *       "worktree_path": "/srv/worktrees/quick-1767225600",
         *       "claude_session_id": "0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b",
         *       "created_at": "2026-01-01T00:00:00Z",
         *       "last_activity": "2026-01-01T00:00:09Z",
         *       "message_count": 1,
         *       "total_cost_usd": 0.0234
         *     }
         */
        QuickSession: {
            /**
             * @description Names the session.
             * @example quick-1706300000
             */
            id: string;
            /**
             * @description Repository below REPOS_ROOT.
             * @example owner/repo
             */
            repo: string;
            /** @description `running`: a message waits or is worked on. `failed`: the last one did not complete. */
            status: components["schemas"]["QuickStatus"];
            /**
             * @description The folder in which the agent works.
             * @example /path/to/worktrees/quick-1706300000
             */
            worktree_path: string;
            /** @description The agent's own id of the conversation; null before the first message. */
            claude_session_id: string | null;
            /**
             * @description When it began (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            created_at: string;
            /**
             * @description When a message came or ended last (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            last_activity: string;
            /**
             * @description Messages that were sent.
             * @example 5
             */
            message_count: number;
            /**
             * @description Of all messages whose cost is known.
             * @example 0.0234
             */
            total_cost_usd: number;
        };
        /**
         * @example [
         *       {
         *         "id": "quick-1767225600",
         *         "repo": "owner/repo",
         *         "status": "idle",
         *         "worktree_path": "/srv/worktrees/quick-1767225600",
         *         "claude_session_id": "0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b",
         *         "created_at": "2026-01-01T00:00:00Z",
         *         "last_activity": "2026-01-01T00:00:09Z",
         *         "message_count": 1,
         *         "total_cost_usd": 0.0234
         *       }
         *     ]
         */
        QuickSessionList: {
            /**
             * @description Names the session.
             * @example quick-1706300000
             */
            id: string;
            /**
             * @description Repository below REPOS_ROOT.
             * @example owner/repo
             */
            repo: string;
            /** @description `running`: a message waits or is worked on. `failed`: the last one did not complete. */
            status: components["schemas"]["QuickStatus"];
            /**
             * @description The folder in which the agent works.
             * @example /path/to/worktrees/quick-1706300000
             */
            worktree_path: string;
            /** @description The agent's own id of the conversation; null before the first message. */
            claude_session_id: string | null;
            /**
             * @description When it began (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            created_at: string;
            /**
             * @description When a message came or ended last (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            last_activity: string;
            /**
             * @description Messages that were sent.
             * @example 5
             */
            message_count: number;
            /**
             * @description Of all messages whose cost is known.
             * @example 0.0234
             */
            total_cost_usd: number;
        }[];
        /**
         * @description A quick session with its messages.
         * @example {
         *       "id": "quick-1767225600",
         *       "repo": "owner/repo",
         *       "status": "idle",
         *       "worktree_path": "/srv/worktrees/quick-1767225600",
         *       "claude_session_id": "0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b",
         *       "created_at": "2026-01-01T00:00:00Z",
         *       "last_activity": "2026-01-01T00:00:09Z",
         *       "message_count": 1,
         *       "total_cost_usd": 0.0234,
         *       "messages": [
         *         {
         *           "id": "req-mjv3k2a0-4f6Qm8Zr",
         *           "session_id": "quick-1767225600",
         *           "role": "user",
         *           "content": "List the files in this repo",
         *           "timestamp": "2026-01-01T00:00:04Z",
         *           "cost_usd": null,
         *           "tool_name": null,
         *           "tool_input": null
         *         }
         *       ]
         *     }
         */
        QuickHistory: {
            /**
             * @description Names the session.
             * @example quick-1706300000
             */
            id: string;
            /**
             * @description Repository below REPOS_ROOT.
             * @example owner/repo
             */
            repo: string;
            /** @description `running`: a message waits or is worked on. `failed`: the last one did not complete. */
            status: components["schemas"]["QuickStatus"];
            /**
             * @description The folder in which the agent works.
             * @example /path/to/worktrees/quick-1706300000
             */
            worktree_path: string;
            /** @description The agent's own id of the conversation; null before the first message. */
            claude_session_id: string | null;
            /**
             * @description When it began (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            created_at: string;
            /**
             * @description When a message came or ended last (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            last_activity: string;
            /**
             * @description Messages that were sent.
             * @example 5
             */
            message_count: number;
            /**
             * @description Of all messages whose cost is known.
             * @example 0.0234
             */
            total_cost_usd: number;
            /** @description The last 1,000, oldest first. */
            messages: {
                /**
                 * @description Names the message; that of a user is the id of its request.
                 * @example req-mjv3k2a0-4f6Qm8Zr
                 */
                id: string;
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                session_id: string;
                /** @description `system`: why a message did not complete. */
                role: components["schemas"]["QuickRole"];
                /**
                 * @description The text.
                 * @example Add error handling to the login function
                 */
                content: string;
                /**
                 * @description When it came (ISO 8601, to the second)
                 * @example 2026-01-26T10:00:00Z
                 */
                timestamp: string;
                /** @description Of an answer; null when it is not known. */
                cost_usd: number | null;
                /** @description Of a tool that the agent used. */
                tool_name: string | null;
                /** @description One line about its input. */
                tool_input: string | null;
            }[];
        };
        /**
         * @description A message of a quick session.
         * @example {
         *       "id": "req-mjv3k2a0-4f6Qm8Zr",
         *       "session_id": "quick-1767225600",
         *       "role": "user",
         *       "content": "List the files in this repo",
         *       "timestamp": "2026-01-01T00:00:04Z",
         *       "cost_usd": null,
         *       "tool_name": null,
         *       "tool_input": null
         *     }
         */
        QuickMessage: {
            /**
             * @description Names the message; that of a user is the id of its request.
             * @example req-mjv3k2a0-4f6Qm8Zr
             */
            id: string;
            /**
             * @description Names the session.
             * @example quick-1706300000
             */
            session_id: string;
            /** @description `system`: why a message did not complete. */
            role: components["schemas"]["QuickRole"];
            /**
             * @description The text.
             * @example Add error handling to the login function
             */
            content: string;
            /**
             * @description When it came (ISO 8601, to the second)
             * @example 2026-01-26T10:00:00Z
             */
            timestamp: string;
            /** @description Of an answer; null when it is not known. */
            cost_usd: number | null;
            /** @description Of a tool that the agent used. */
            tool_name: string | null;
            /** @description One line about its input. */
            tool_input: string | null;
        };
        /**
         * @description What changed in the worktree, committed or not.
         * @example {
         *       "base": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
         *       "files": [
         *         {
         *           "path": "README.md",
         *           "from": null,
         *           "change": "modified"
         *         }
         *       ],
         *       "diff": "diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-Hello\n+Hello.\n",
         *       "truncated": false
         *     }
         */
        QuickDiff: {
            /**
             * @description The commit that it is compared with.
             * @example 3f786850e387550fdab836ed7e6dc881de23001b
             */
            base: string;
            files: {
                /**
                 * @description Where it is.
                 * @example src/login.ts
                 */
                path: string;
                /** @description Where it was before; null when it was not renamed. */
                from: string | null;
                /** @description What became of it. */
                change: components["schemas"]["FileChange"];
            }[];
            /** @description Unified; at most 1 MiB. */
            diff: string;
            /** @description It ends early, behind a whole line. */
            truncated: boolean;
        };
        /**
         * @description A branch that was pushed.
         * @example {
         *       "branch": "quick/quick-1767225600",
         *       "commit": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
         *       "link": "https://example.org/owner/repo/pull/1",
         *       "note": null,
         *       "skipped": []
         *     }
         */
        QuickPublished: {
            /**
             * @description The branch at the remote.
             * @example quick/quick-1706300000
             */
            branch: string;
            /**
             * @description What it holds now.
             * @example 3f786850e387550fdab836ed7e6dc881de23001b
             */
            commit: string;
            /** @description Of the draft pull request; null when none was opened. */
            link: string | null;
            /** @description Why there is no link; null when there is one. */
            note: string | null;
            /** @description Repositories inside of the worktree, which stay out. */
            skipped: string[];
        };
        /**
         * @description One message owed to one address, and what became of it.
         * @example {
         *       "id": "msg_mjv3k2a04f6c1d2e3b",
         *       "to": "webhook:https://example.org",
         *       "kind": "answer",
         *       "event": "request.completed",
         *       "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *       "workspace": "demo",
         *       "webhookId": null,
         *       "state": "sent",
         *       "attempts": 1,
         *       "nextAttemptAt": null,
         *       "createdAt": 1767225604200,
         *       "endedAt": 1767225604400,
         *       "lastError": null,
         *       "link": null
         *     }
         */
        Delivery: {
            /**
             * @description Names the delivery, and is the `webhook-id` of each of its attempts.
             * @example msg_mjv3k2a04f6c1d2e3b
             */
            id: string;
            /**
             * @description The address; everything for one address goes out in order.
             * @example webhook:https://example.org/hook
             */
            to: string;
            /** @description What is owed. */
            kind: components["schemas"]["DeliveryKind"];
            /**
             * @description What it tells of.
             * @example request.completed
             */
            event: string;
            /** @description The request that it tells of. */
            requestId: string | null;
            /** @description The workspace that it tells of. */
            workspace: string | null;
            /** @description The webhook that it is owed to; null for the `replyTo` of a request. */
            webhookId: string | null;
            /** @description `waiting` for its turn or the next attempt, `sending`; and the ends: `sent`, `refused` by the address, `given_up` after too long. */
            state: components["schemas"]["DeliveryState"];
            /**
             * @description How often it was tried.
             * @example 1
             */
            attempts: number;
            /** @description The earliest instant of the next attempt, behind what waits before it (epoch milliseconds); null at its end. */
            nextAttemptAt: number | null;
            /**
             * @description When it became owed (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /** @description When it ended (epoch milliseconds). */
            endedAt: number | null;
            /** @description What the last failed attempt met. */
            lastError: string | null;
            /** @description Where people find it, if its transport has such a place. */
            link: string | null;
        };
        /**
         * @description A page of deliveries.
         * @example {
         *       "deliveries": [
         *         {
         *           "id": "msg_mjv3k2a04f6c1d2e3b",
         *           "to": "webhook:https://example.org",
         *           "kind": "answer",
         *           "event": "request.completed",
         *           "requestId": "req-mjv3k2a0-4f6Qm8Zr",
         *           "workspace": "demo",
         *           "webhookId": null,
         *           "state": "sent",
         *           "attempts": 1,
         *           "nextAttemptAt": null,
         *           "createdAt": 1767225604200,
         *           "endedAt": 1767225604400,
         *           "lastError": null,
         *           "link": null
         *         }
         *       ],
         *       "next": null
         *     }
         */
        DeliveryList: {
            /** @description Newest first. */
            deliveries: components["schemas"]["Delivery"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next: string | null;
        };
        /**
         * @description A standing subscription.
         * @example {
         *       "id": "whk-mjv3k2a0-4f6Qm8Zr",
         *       "url": "https://example.org/hook",
         *       "events": [
         *         "request.completed",
         *         "request.failed"
         *       ],
         *       "workspaces": null,
         *       "createdAt": 1767225600000,
         *       "state": "active",
         *       "failingSince": null,
         *       "lastError": null
         *     }
         */
        Webhook: {
            /**
             * @description Names the webhook.
             * @example whk-mjv3k2a0-4f6Qm8Zr
             */
            id: string;
            /**
             * @description Where it is POSTed to.
             * @example https://example.org/hook
             */
            url: string;
            /** @description What it is told of. */
            events: components["schemas"]["WebhookEvent"][];
            /** @description Of these workspaces only; null: of all. */
            workspaces: string[] | null;
            /**
             * @description When it was made (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /** @description `failing`: its address did not take what was tried last; `paused`: for days, so it is tried seldom; `disabled`: its receiver answered 410, so nothing more is owed to it. */
            state: components["schemas"]["WebhookState"];
            /** @description Since when its address takes nothing (epoch milliseconds). */
            failingSince: number | null;
            /** @description What the last failed attempt met. */
            lastError: string | null;
        };
        /**
         * @description A standing subscription and its new secret.
         * @example {
         *       "id": "whk-mjv3k2a0-4f6Qm8Zr",
         *       "url": "https://example.org/hook",
         *       "events": [
         *         "request.completed",
         *         "request.failed"
         *       ],
         *       "workspaces": null,
         *       "createdAt": 1767225600000,
         *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
         *     }
         */
        WebhookSecret: {
            /**
             * @description Names the webhook.
             * @example whk-mjv3k2a0-4f6Qm8Zr
             */
            id: string;
            /**
             * @description Where it is POSTed to.
             * @example https://example.org/hook
             */
            url: string;
            /** @description What it is told of. */
            events: components["schemas"]["WebhookEvent"][];
            /** @description Of these workspaces only; null: of all. */
            workspaces: string[] | null;
            /**
             * @description When it was made (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /**
             * @description Verifies what it gets, by Standard Webhooks. It is shown only now.
             * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
             */
            secret: string;
        };
        /**
         * @description All webhooks.
         * @example {
         *       "webhooks": [
         *         {
         *           "id": "whk-mjv3k2a0-4f6Qm8Zr",
         *           "url": "https://example.org/hook",
         *           "events": [
         *             "request.completed",
         *             "request.failed"
         *           ],
         *           "workspaces": null,
         *           "createdAt": 1767225600000,
         *           "state": "active",
         *           "failingSince": null,
         *           "lastError": null
         *         }
         *       ]
         *     }
         */
        WebhookList: {
            /** @description Oldest first. */
            webhooks: components["schemas"]["Webhook"][];
        };
        /**
         * @description Tokens and money that the agents took.
         * @example {
         *       "by": "workspace",
         *       "from": 1767225600000,
         *       "to": 1767312000000,
         *       "groups": [
         *         {
         *           "name": "demo",
         *           "requests": 1,
         *           "inputTokens": 1200,
         *           "outputTokens": 300,
         *           "cacheReadTokens": 9000,
         *           "cacheWriteTokens": 800,
         *           "costMicroUsd": 23400,
         *           "unpriced": 0
         *         }
         *       ],
         *       "total": {
         *         "requests": 1,
         *         "inputTokens": 1200,
         *         "outputTokens": 300,
         *         "cacheReadTokens": 9000,
         *         "cacheWriteTokens": 800,
         *         "costMicroUsd": 23400,
         *         "unpriced": 0
         *       }
         *     }
         */
        Usage: {
            /** @description What is summed up. */
            by: components["schemas"]["UsageGroup"];
            /**
             * @description From then on (epoch milliseconds)
             * @example 1767225600000
             */
            from: number;
            /**
             * @description To before then (epoch milliseconds)
             * @example 1767225600000
             */
            to: number;
            /** @description The last days first, otherwise the dearest first. */
            groups: {
                /** @description The workspace, key or model, or the day as 2026-01-31. A person of a chat is `telegram:<id>`; null: whoever asked had no name. */
                name: string | null;
                /**
                 * @description That took it, whole or in part.
                 * @example 12
                 */
                requests: number;
                /**
                 * @description Read, but from no cache.
                 * @example 1200
                 */
                inputTokens: number;
                /**
                 * @description Written.
                 * @example 1200
                 */
                outputTokens: number;
                /**
                 * @description Read from a cache.
                 * @example 1200
                 */
                cacheReadTokens: number;
                /**
                 * @description Written to a cache.
                 * @example 1200
                 */
                cacheWriteTokens: number;
                /**
                 * @description The sum of what is known, in millionths of a US dollar, exactly.
                 * @example 23400
                 */
                costMicroUsd: number;
                /**
                 * @description Requests of which some cost is not known, so that it is not in the sum.
                 * @example 0
                 */
                unpriced: number;
            }[];
            /** @description Of all of them, also of those beyond the limit. */
            total: {
                /**
                 * @description That took it, whole or in part.
                 * @example 12
                 */
                requests: number;
                /**
                 * @description Read, but from no cache.
                 * @example 1200
                 */
                inputTokens: number;
                /**
                 * @description Written.
                 * @example 1200
                 */
                outputTokens: number;
                /**
                 * @description Read from a cache.
                 * @example 1200
                 */
                cacheReadTokens: number;
                /**
                 * @description Written to a cache.
                 * @example 1200
                 */
                cacheWriteTokens: number;
                /**
                 * @description The sum of what is known, in millionths of a US dollar, exactly.
                 * @example 23400
                 */
                costMicroUsd: number;
                /**
                 * @description Requests of which some cost is not known, so that it is not in the sum.
                 * @example 0
                 */
                unpriced: number;
            };
        };
        /** @description What somebody did. */
        AuditLine: {
            /**
             * @description The number of the line: 1, 2, 3 …, without a gap.
             * @example 1
             */
            seq: number;
            /**
             * @description When it happened (epoch milliseconds)
             * @example 1767225600000
             */
            at: number;
            /**
             * @description Who did it: `key:<id>`, `telegram:<id>`, `discord:<id>`, `inject`, `file`, `anybody` (authentication is off); of approvals also `terminal`, `agent` and `rule`.
             * @example key:default
             */
            who: string;
            /** @description What they did. */
            action: components["schemas"]["AuditAction"];
            /** @description In which workspace; null: in none. */
            workspace: string | null;
            /** @description The id of what it was done to; of `access.denied` the route. */
            subject: string | null;
            /**
             * @description More of it, by name.
             * @example {
             *       "source": "http"
             *     }
             */
            detail: {
                [key: string]: string | number | boolean | null;
            };
            /**
             * @description SHA-256, in hex, of the JSON list [hash of the line before, seq, at, who, action, workspace, subject, detail]; before the first line stand 64 zeros.
             * @example 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef
             */
            hash: string;
        };
        /**
         * @description A part of the audit log.
         * @example {
         *       "lines": [
         *         {
         *           "seq": 1,
         *           "at": 1767225600000,
         *           "who": "key:default",
         *           "action": "request.accepted",
         *           "workspace": "demo",
         *           "subject": "req-mjv3k2a0-4f6Qm8Zr",
         *           "detail": {
         *             "source": "http"
         *           },
         *           "hash": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        AuditPage: {
            /** @description In order. */
            lines: components["schemas"]["AuditLine"][];
            /** @description What `after` is of the next page; null: there is no more yet. */
            next: number | null;
        };
        /**
         * @description A key of a caller, without its secret.
         * @example {
         *       "id": "6f1c2d3e4a5b6c7d",
         *       "name": "nightly jobs",
         *       "scopes": [
         *         "execute",
         *         "read"
         *       ],
         *       "workspaces": [
         *         "nightly-*"
         *       ],
         *       "rateLimitMax": null,
         *       "activeMax": 5,
         *       "dailyTurnsMax": 200,
         *       "dailyCostMicroUsdMax": null,
         *       "createdAt": 1767225600000,
         *       "expiresAt": null,
         *       "lastUsedAt": null
         *     }
         */
        Key: {
            /**
             * @description Names the key.
             * @example 6f1c2d3e4a5b6c7d
             */
            id: string;
            /**
             * @description For people: what it is for.
             * @example nightly jobs
             */
            name: string;
            /**
             * @description `read`: see requests, sessions, approvals, deliveries, usage, streams; `execute`: hand in work, cancel it, repeat deliveries; `approve`: decide approvals; `sessions`: create and end them; `terminal`: see the screen and sit at it; `admin`: everything, also keys and webhooks.
             * @example [
             *       "execute",
             *       "read"
             *     ]
             */
            scopes: components["schemas"]["Scope"][];
            /** @description Those that it may touch; null: all. */
            workspaces: string[] | null;
            /** @description Requests over HTTP in a window; null: RATE_LIMIT_MAX. */
            rateLimitMax: number | null;
            /** @description Its requests that may wait or run at the same time; null: no limit. */
            activeMax: number | null;
            /** @description Its requests that are accepted in a day; null: no limit. */
            dailyTurnsMax: number | null;
            /** @description What its turns of a day may cost; null: no limit. */
            dailyCostMicroUsdMax: number | null;
            /**
             * @description When it was made (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /** @description From then on it opens nothing (epoch milliseconds); null: never. */
            expiresAt: number | null;
            /** @description When it opened something last, to the minute (epoch milliseconds). */
            lastUsedAt: number | null;
        };
        /**
         * @description A key of a caller, with its secret.
         * @example {
         *       "id": "6f1c2d3e4a5b6c7d",
         *       "name": "nightly jobs",
         *       "scopes": [
         *         "execute",
         *         "read"
         *       ],
         *       "workspaces": [
         *         "nightly-*"
         *       ],
         *       "rateLimitMax": null,
         *       "activeMax": 5,
         *       "dailyTurnsMax": 200,
         *       "dailyCostMicroUsdMax": null,
         *       "createdAt": 1767225600000,
         *       "expiresAt": null,
         *       "lastUsedAt": null,
         *       "key": "gh_6f1c2d3e4a5b6c7d_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq"
         *     }
         */
        NewKey: {
            /**
             * @description Names the key.
             * @example 6f1c2d3e4a5b6c7d
             */
            id: string;
            /**
             * @description For people: what it is for.
             * @example nightly jobs
             */
            name: string;
            /**
             * @description `read`: see requests, sessions, approvals, deliveries, usage, streams; `execute`: hand in work, cancel it, repeat deliveries; `approve`: decide approvals; `sessions`: create and end them; `terminal`: see the screen and sit at it; `admin`: everything, also keys and webhooks.
             * @example [
             *       "execute",
             *       "read"
             *     ]
             */
            scopes: components["schemas"]["Scope"][];
            /** @description Those that it may touch; null: all. */
            workspaces: string[] | null;
            /** @description Requests over HTTP in a window; null: RATE_LIMIT_MAX. */
            rateLimitMax: number | null;
            /** @description Its requests that may wait or run at the same time; null: no limit. */
            activeMax: number | null;
            /** @description Its requests that are accepted in a day; null: no limit. */
            dailyTurnsMax: number | null;
            /** @description What its turns of a day may cost; null: no limit. */
            dailyCostMicroUsdMax: number | null;
            /**
             * @description When it was made (epoch milliseconds)
             * @example 1767225600000
             */
            createdAt: number;
            /** @description From then on it opens nothing (epoch milliseconds); null: never. */
            expiresAt: number | null;
            /** @description When it opened something last, to the minute (epoch milliseconds). */
            lastUsedAt: number | null;
            /**
             * @description The key itself. It is shown in this answer and never again.
             * @example gh_6f1c2d3e4a5b6c7d_m0cH…
             */
            key: string;
        };
        /**
         * @description The keys of callers, but for HTTP_API_KEY.
         * @example {
         *       "keys": [
         *         {
         *           "id": "6f1c2d3e4a5b6c7d",
         *           "name": "nightly jobs",
         *           "scopes": [
         *             "execute",
         *             "read"
         *           ],
         *           "workspaces": [
         *             "nightly-*"
         *           ],
         *           "rateLimitMax": null,
         *           "activeMax": 5,
         *           "dailyTurnsMax": 200,
         *           "dailyCostMicroUsdMax": null,
         *           "createdAt": 1767225600000,
         *           "expiresAt": null,
         *           "lastUsedAt": null
         *         }
         *       ]
         *     }
         */
        KeyList: {
            /** @description The oldest first. */
            keys: components["schemas"]["Key"][];
        };
        /**
         * @description The answer to a probe.
         * @example {
         *       "status": "ok"
         *     }
         */
        Probe: {
            /** @description `ok`, or why not. */
            status: components["schemas"]["ProbeStatus"];
        };
        /** @description An RFC 9457 problem document. */
        Problem: {
            /**
             * @description Names the kind of problem.
             * @example urn:gatehouse:problem:invalid_field
             */
            type: string;
            /**
             * @description The kind, for people.
             * @example A field is wrong
             */
            title: string;
            /**
             * @description The HTTP status.
             * @example 400
             */
            status: number;
            /**
             * @description What is wrong.
             * @example missing: workspace
             */
            detail: string;
            code: components["schemas"]["ProblemCode"];
            /**
             * @description What is wrong: as `detail`, but that a 401 says `Unauthorized` and a 500 `Internal server error`.
             * @example missing: workspace
             */
            error: string;
            /**
             * @description The way out.
             * @example Mend what `field` names and send it again
             */
            message: string;
            /**
             * @description The field that is wrong.
             * @example workspace
             */
            field?: string;
            /**
             * @description Seconds after which to try again.
             * @example 10
             */
            retryAfter?: number;
        };
        /** @description The body of `execute`. */
        ExecuteBody: {
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /**
             * @description The prompt, handed to the agent exactly as written; at most 262,144 bytes of UTF-8.
             * @example Run the tests and fix what fails.
             */
            command: string;
            /**
             * @description Your own name for the conversation, passed on to hooks and records; `http-api` when absent. A place in a chat, written as in `replyTo`, is told of the request.
             * @example nightly-build
             */
            chatId?: string;
            /**
             * @description Longest time from the start of the turn to its end (milliseconds, 1 s to 24 h).
             * @example 600000
             */
            timeoutMs?: number;
            /** @description Higher ones start before lower ones of the same session; `normal` when absent. */
            priority?: components["schemas"]["CallerPriority"];
            /** @description The program that does the work. */
            agent?: components["schemas"]["Agent"];
            /**
             * @description An address that is told of the end, with the answer: `webhook:https://…`, signed with WEBHOOK_SECRET; or all along: `telegram:<chat>`, `telegram:<chat>:<topic>`, `discord:<channel or thread>`, a bare id for the first network that is configured. What became of it: `deliveries` of the status.
             * @example webhook:https://example.org/hook
             * @example telegram:-1001234567890:42
             */
            replyTo?: string;
        };
        /** @description Nothing is asked. */
        EmptyBody: Record<string, never>;
        /** @description The body of `createSession`. */
        CreateSessionBody: {
            /**
             * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
             * @example project-a
             */
            workspace: string;
            /** @description The program that does the work. */
            agent?: components["schemas"]["Agent"];
        };
        /** @description The body of `submitTask`. */
        SubmitTaskBody: {
            /**
             * @description Your own id of the task: sending it again within 24 h answers the first request instead of making another.
             * @example TASK-002-011
             */
            task_id: string;
            /**
             * @description The prompt, handed to the agent exactly as written; at most 262,144 bytes of UTF-8.
             * @example Run the tests and fix what fails.
             */
            command: string;
            /** @description Higher ones start before lower ones; `normal` when absent. */
            priority?: components["schemas"]["CallerPriority"];
            /**
             * @description An address that is told of the end, with the answer: `webhook:https://…`, signed with WEBHOOK_SECRET; or all along: `telegram:<chat>`, `telegram:<chat>:<topic>`, `discord:<channel or thread>`, a bare id for the first network that is configured. What became of it: `deliveries` of the status.
             * @example webhook:https://example.org/hook
             * @example telegram:-1001234567890:42
             */
            replyTo?: string;
        };
        /** @description The body of `startQuickSession`. */
        StartQuickSessionBody: {
            /**
             * @description Repository below REPOS_ROOT.
             * @example owner/repo
             */
            repo: string;
        };
        /** @description The body of `sendQuickMessage`. */
        SendQuickMessageBody: {
            /**
             * @description Handed to the agent exactly as written; at most 262,144 bytes of UTF-8.
             * @example Add error handling to the login function
             */
            content: string;
        };
        /** @description The body of `publishQuickSession`. */
        PublishQuickSessionBody: {
            /** @description Of the commit and the request. */
            title?: string;
            /** @description Of the pull request. */
            body?: string;
        };
        /** @description The body of `decideApproval`. */
        DecideApprovalBody: {
            /** @description A second one is answered 409. */
            decision: components["schemas"]["Decision"];
            /**
             * @description With `deny`: what the agent is told.
             * @example Use the staging database.
             */
            message?: string;
            /**
             * @description With `allow`: what the agent offers as a rule for this prompt holds for the rest of the session.
             * @example true
             */
            remember?: boolean;
            /**
             * @description With `allow` of a question or a dialog, needed: to each question by its text, a label, several, or (to a question) your own words. Of a form: the value of each field, by its name.
             * @example {
             *       "Which colour?": "Blue"
             *     }
             */
            answers?: {
                [key: string]: string | number | boolean | string[];
            };
            /** @description With `allow` of a plan: edit files without asking, or `ask` for each (the default). */
            mode?: components["schemas"]["PlanMode"];
        };
        /** @description The body of `createWebhook`. */
        CreateWebhookBody: {
            /**
             * @description Where to POST: https in a public network, or what WEBHOOK_ALLOW_PRIVATE names.
             * @example https://example.org/hook
             */
            url: string;
            /**
             * @description What to tell of.
             * @example [
             *       "request.completed",
             *       "request.failed",
             *       "approval.opened"
             *     ]
             */
            events: components["schemas"]["WebhookEvent"][];
            /**
             * @description Of these workspaces only; of all when absent.
             * @example [
             *       "project-a"
             *     ]
             */
            workspaces?: string[];
        };
        /** @description The body of `createKey`. */
        CreateKeyBody: {
            /**
             * @description For people: what it is for.
             * @example nightly jobs
             */
            name: string;
            /**
             * @description `read`: see requests, sessions, approvals, deliveries, usage, streams; `execute`: hand in work, cancel it, repeat deliveries; `approve`: decide approvals; `sessions`: create and end them; `terminal`: see the screen and sit at it; `admin`: everything, also keys and webhooks.
             * @example [
             *       "execute",
             *       "read"
             *     ]
             */
            scopes: components["schemas"]["Scope"][];
            /**
             * @description Those that it may touch; all when absent. Others do not exist for it.
             * @example [
             *       "web-*",
             *       "docs"
             *     ]
             */
            workspaces?: string[];
            /**
             * @description Requests over HTTP in a window, of each kind, instead of RATE_LIMIT_MAX.
             * @example 600
             */
            rateLimitMax?: number;
            /**
             * @description Its requests that may wait or run at the same time.
             * @example 5
             */
            activeMax?: number;
            /**
             * @description Its requests that are accepted in a day (UTC).
             * @example 200
             */
            dailyTurnsMax?: number;
            /**
             * @description What its turns of a day may cost, in millionths of a US dollar; what is running is not known yet.
             * @example 5000000
             */
            dailyCostMicroUsdMax?: number;
            /**
             * @description From then on it opens nothing (epoch milliseconds); never when absent.
             * @example 1924988400000
             */
            expiresAt?: number;
        };
        /**
         * @description What happened. Later versions may know more.
         * @enum {string}
         */
        EventType: "request.queued" | "request.moved" | "request.changed" | "request.started" | "request.submitting" | "request.working" | "request.requeued" | "request.cancel_asked" | "request.left" | "request.completed" | "request.failed" | "request.timed_out" | "request.cancelled" | "usage.noted" | "session.created" | "session.started" | "session.slept" | "session.deleted" | "session.moved" | "agent.paused" | "agent.resumed" | "agent.retrying" | "agent.continued" | "agent.woken" | "agent.said" | "tool.started" | "tool.ended" | "approval.opened" | "approval.allowed" | "approval.denied" | "approval.expired" | "delivery.sent" | "delivery.refused" | "delivery.given_up" | "quick.started" | "quick.expired" | "quick.deleted" | "person.prompted" | "schedule.fired" | "other.prompted" | "composer.cleared" | "enter.repeated" | "turn.unasked" | "mode.set_back" | "conversation.lost";
        /** @description A frame of `/stream`, and the `data` of a server-sent event: docs/streams.md says what `data` holds. */
        Event: {
            /** @description Rises with each event, without reuse: go on behind it with `after`. */
            seq: number;
            type: components["schemas"]["EventType"];
            /** @description The request that it tells of. */
            requestId: string | null;
            /** @description The workspace that it tells of; empty for all. */
            workspace: string;
            /** @description When it happened (epoch milliseconds). */
            at: number;
            /** @description What it tells, by its type. */
            data: {
                [key: string]: unknown;
            };
        };
        /** @description What a client of `/ws` sends. */
        BotTaskFrame: {
            type: components["schemas"]["BotTaskType"];
            /** @description The prompt. */
            command: string;
            /** @description Your own id. */
            task_id?: string | null;
            priority?: components["schemas"]["Priority"];
            /** @description The trace that it belongs to (W3C). */
            traceparent?: string;
        };
        /** @description What the gateway says on `/ws`; docs/bot-server.md says which `type` has what. */
        BotFrame: {
            type: components["schemas"]["BotFrameType"];
            /** @description For people; of a result, the answer. */
            content: string;
            /** @description Whether it went well so far. */
            success: boolean;
            /**
             * Format: date-time
             * @description When it was said (ISO 8601).
             */
            timestamp: string;
            /** @description Where the request came in. */
            source: components["schemas"]["Source"];
            /** @description As the client sent it. */
            task_id: string | null;
            /** @description Of all but errors. */
            requestId?: string;
            /** @description Of `accepted` and `result`. */
            state?: components["schemas"]["RequestState"];
            /** @description Of `accepted`. */
            workspace?: string;
            /** @description Of `accepted`. */
            priority?: components["schemas"]["Priority"];
            /** @description Of `progress`. */
            event?: components["schemas"]["EventType"];
            /** @description Of `progress`: of its event. */
            seq?: number;
            /** @description Of `result`: why it did not complete. */
            reason?: components["schemas"]["Reason"] | null;
            /** @description Of `result`: whether sending it again is sensible. */
            retryable?: boolean | null;
            /** @description Of `result`: what went wrong, for people. */
            error?: string | null;
            /** @description Of `result`: when its turn started (epoch milliseconds). */
            startedAt?: number | null;
            /** @description Of `result`: when it ended (epoch milliseconds). */
            completedAt?: number | null;
            /** @description Of `error`. */
            code?: components["schemas"]["ProblemCode"];
            /** @description Of `error`: what was wrong. */
            field?: string | null;
            /** @description Of `error`: seconds after which to try again. */
            retryAfter?: number | null;
        } & {
            [key: string]: unknown;
        };
        /** @description What a client of `/quick/ws/sessions/{id}` sends. */
        QuickInputFrame: {
            /** @enum {string} */
            type: "user_input";
            /** @description The message. */
            content: string;
            /** @description The trace that it belongs to (W3C). */
            traceparent?: string;
        };
        /** @description What the gateway says on `/quick/ws/sessions/{id}`: docs/quick.md. */
        QuickFrame: {
            type: components["schemas"]["QuickFrameType"];
            /** @description Of `assistantText`, `result` and `error`. */
            content?: string;
            /** @description Of `statusChange`, `toolUse` and `result`. */
            data?: {
                [key: string]: unknown;
            };
            /** @description Of the event that it tells of. */
            seq?: number;
        };
        /** @description What a client of a terminal sends as text; keys are binary. */
        TerminalResizeFrame: {
            /** @enum {string} */
            type: "resize";
            columns: number;
            rows: number;
        };
        /** @description What the gateway says at a terminal as text; output is binary. */
        TerminalFrame: {
            /** @enum {string} */
            type: "opened";
            readOnly: boolean;
            columns: number;
            rows: number;
        } | {
            /** @enum {string} */
            type: "taken";
            /** @description Of all keys since it opened. */
            bytes: number;
        } | {
            /** @enum {string} */
            type: "exited";
            reason: components["schemas"]["TerminalEnd"];
        };
        /**
         * @description What went wrong, for programs: the last part of `type`. Later versions may know more.
         *
         *     - `cursor_ahead` (400): The place in the event log does not exist yet.
         *     - `invalid_field` (400): A field of the body, the query, a header or the path is missing, unknown or wrong.
         *     - `malformed_json` (400): The body is not JSON.
         *     - `malformed_request` (400): The request is no HTTP that can be read.
         *     - `repository_outside` (400): The name of the repository leads out of REPOS_ROOT.
         *     - `unauthorized` (401): No key, or one that is not known.
         *     - `budget_spent` (402): As much money as is allowed has been spent.
         *     - `host_refused` (403): The request calls a host that this is not known as.
         *     - `origin_refused` (403): A page of another web origin calls.
         *     - `scope_missing` (403): The key lacks the scope that this takes.
         *     - `terminal_read_only` (403): Typing at terminals is not allowed here.
         *     - `not_found` (404): There is no such thing for this key, or no such route.
         *     - `repository_not_found` (404): There is no such repository below REPOS_ROOT.
         *     - `method_not_allowed` (405): The path has other methods.
         *     - `request_timeout` (408): The request took too long to arrive.
         *     - `agent_mismatch` (409): The session of the workspace has another agent.
         *     - `approval_decided` (409): Somebody was faster, or the turn has ended.
         *     - `delivery_not_ended` (409): The delivery is under way or has been sent.
         *     - `no_remote` (409): The repository has no remote to publish to.
         *     - `no_screen` (409): The session is asleep and has no terminal.
         *     - `not_a_repository` (409): Git cannot make a worktree of it.
         *     - `session_busy` (409): The session has requests that have not ended, or has expired.
         *     - `thread_ambiguous` (409): Several threads have this id.
         *     - `too_many_webhooks` (409): There are as many webhooks as may be.
         *     - `worktree_exists` (409): A worktree of this name is there already.
         *     - `cursor_gone` (410): The events behind this place are no longer kept.
         *     - `payload_too_large` (413): The body is too large.
         *     - `prompt_too_large` (413): The prompt is longer than 262,144 bytes.
         *     - `unsupported_media_type` (415): The body is of a type that is not read here.
         *     - `idempotency_mismatch` (422): The same key came with another body before.
         *     - `upgrade_required` (426): This path speaks WebSocket only.
         *     - `key_limited` (429): The key has as many requests as it may, at once or in this day.
         *     - `queue_full` (429): As many requests wait as may.
         *     - `rate_limited` (429): More requests of this key, or of this address, than a window allows.
         *     - `too_many_terminals` (429): As many terminals are open as may be.
         *     - `git_failed` (500): Git failed in a way that nobody foresaw.
         *     - `internal` (500): A mistake of the gateway.
         *     - `terminal_unavailable` (501): This machine lacks what terminals need.
         *     - `remote_failed` (502): The remote of the repository refused, or did not answer in time.
         *     - `agent_unavailable` (503): The agent cannot be started, or has no credentials.
         *     - `draining` (503): The gateway is shutting down.
         *     - `no_task_channel` (503): Nothing opens a thread for a new task now.
         *     - `quick_off` (503): Quick tasks are not set up.
         *     - `storage_unavailable` (503): The disk refuses, or the database is damaged or away, so nothing was stored.
         *     - `no_space` (507): The disk has no room for a worktree: nothing was made.
         * @enum {string}
         */
        ProblemCode: "cursor_ahead" | "invalid_field" | "malformed_json" | "malformed_request" | "repository_outside" | "unauthorized" | "budget_spent" | "host_refused" | "origin_refused" | "scope_missing" | "terminal_read_only" | "not_found" | "repository_not_found" | "method_not_allowed" | "request_timeout" | "agent_mismatch" | "approval_decided" | "delivery_not_ended" | "no_remote" | "no_screen" | "not_a_repository" | "session_busy" | "thread_ambiguous" | "too_many_webhooks" | "worktree_exists" | "cursor_gone" | "payload_too_large" | "prompt_too_large" | "unsupported_media_type" | "idempotency_mismatch" | "upgrade_required" | "key_limited" | "queue_full" | "rate_limited" | "too_many_terminals" | "git_failed" | "internal" | "terminal_unavailable" | "remote_failed" | "agent_unavailable" | "draining" | "no_task_channel" | "quick_off" | "storage_unavailable" | "no_space";
        /**
         * @description Where a request came in. Later versions may know more.
         * @enum {string}
         */
        Source: "http" | "inject" | "bot" | "ws" | "file" | "quick" | "telegram" | "discord" | "cli";
        /**
         * @description Where a request stands: it ends in exactly one of the last four.
         * @enum {string}
         */
        RequestState: "queued" | "running" | "completed" | "failed" | "timed_out" | "cancelled";
        /**
         * @description What the bot does.
         * @enum {string}
         */
        BotState: "idle" | "busy" | "stopping";
        /**
         * @description Where an approval stands.
         * @enum {string}
         */
        ApprovalState: "open" | "allowed" | "denied" | "expired";
        /**
         * @description What is asked. Later versions may know more.
         * @enum {string}
         */
        ApprovalKind: "tool" | "question" | "plan" | "form" | "dialog" | "hook";
        /**
         * @description What an approval is answered with.
         * @enum {string}
         */
        Decision: "allow" | "deny";
        /**
         * @description Who decided.
         * @enum {string}
         */
        Decider: "api" | "terminal" | "agent" | "timeout" | "rule" | "turn_end";
        /**
         * @description The program that does the work. Later versions may know more.
         * @enum {string}
         */
        Agent: "claude" | "claude-print";
        /**
         * @description The class of a request, high before low.
         * @enum {string}
         */
        Priority: "interactive" | "high" | "normal" | "background";
        /**
         * @description Where a running request stands.
         * @enum {string}
         */
        Phase: "preparing" | "submitting" | "working" | "waiting_approval";
        /**
         * @description Why a request did not complete. Later versions may know more.
         * @enum {string}
         */
        Reason: "agent_exited" | "agent_error" | "agent_unavailable" | "usage_limited" | "auth_expired" | "submission_rejected" | "submission_unknown" | "prompt_refused" | "prompt_altered" | "model_refused" | "interrupted" | "answer_lost" | "host_restarted" | "session_deleted" | "hook_denied" | "workspace_invalid" | "internal" | "turn_timeout" | "queue_timeout";
        /**
         * @description What became of a prompt on its way. Later versions may know more.
         * @enum {string}
         */
        Alteration: "line_breaks" | "controls_removed" | "end_trimmed" | "escaped" | "space_in_front" | "tabs_expanded" | "composed" | "invisible_removed" | "line_separators_replaced" | "tags_escaped";
        /**
         * @description What became of the conversation before.
         * @enum {string}
         */
        ConversationLoss: "gone" | "unreadable";
        /**
         * @description Why an agent is given no work. Later versions may know more.
         * @enum {string}
         */
        PauseReason: "usage_limited" | "auth_expired";
        /**
         * @description What a session does.
         * @enum {string}
         */
        SessionStatus: "starting" | "active" | "idle" | "asleep";
        /**
         * @description Whether every check is healthy.
         * @enum {string}
         */
        HealthStatus: "healthy" | "degraded";
        /**
         * @description What a quick session does.
         * @enum {string}
         */
        QuickStatus: "idle" | "running" | "failed" | "expired";
        /**
         * @description Who says a message.
         * @enum {string}
         */
        QuickRole: "user" | "assistant" | "system" | "tool";
        /**
         * @description What became of a file.
         * @enum {string}
         */
        FileChange: "added" | "modified" | "deleted" | "renamed" | "type_changed" | "unmerged";
        /**
         * @description What is delivered. Later versions may know more.
         * @enum {string}
         */
        DeliveryKind: "prompt" | "answer" | "approval" | "progress" | "notice" | "test" | "hook";
        /**
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryState: "waiting" | "sending" | "sent" | "refused" | "given_up";
        /**
         * @description What a webhook may be told of.
         * @enum {string}
         */
        WebhookEvent: "request.completed" | "request.failed" | "request.timed_out" | "request.cancelled" | "approval.opened" | "approval.allowed" | "approval.denied" | "approval.expired" | "agent.paused" | "agent.resumed";
        /**
         * @description Where a webhook stands.
         * @enum {string}
         */
        WebhookState: "active" | "failing" | "paused" | "disabled";
        /**
         * @description What usage is summed up by.
         * @enum {string}
         */
        UsageGroup: "workspace" | "key" | "model" | "day";
        /**
         * @description What somebody did. Later versions may know more.
         * @enum {string}
         */
        AuditAction: "request.accepted" | "request.cancelled" | "approval.allowed" | "approval.denied" | "terminal.attached" | "terminal.typed" | "session.created" | "session.deleted" | "session.published" | "key.created" | "key.rotated" | "key.revoked" | "webhook.created" | "webhook.rotated" | "webhook.deleted" | "access.denied";
        /**
         * @description What a key may do. Later versions may know more.
         * @enum {string}
         */
        Scope: "execute" | "read" | "approve" | "sessions" | "terminal" | "admin";
        /**
         * @description Whether it is so.
         * @enum {string}
         */
        ProbeStatus: "ok" | "not_ready";
        /**
         * @description The classes that a caller may ask for.
         * @enum {string}
         */
        CallerPriority: "high" | "normal" | "background";
        /**
         * @description How the agent goes on behind a plan.
         * @enum {string}
         */
        PlanMode: "accept_edits" | "ask";
        /**
         * @description Both say the same.
         * @enum {string}
         */
        BotTaskType: "task" | "command";
        /**
         * @description What a frame of `/ws` says.
         * @enum {string}
         */
        BotFrameType: "accepted" | "progress" | "result" | "error";
        /**
         * @description What a frame of a quick session says. Later versions may know more.
         * @enum {string}
         */
        QuickFrameType: "connected" | "statusChange" | "assistantText" | "toolUse" | "result" | "error";
        /**
         * @description Why a terminal ended.
         * @enum {string}
         */
        TerminalEnd: "session_ended" | "detached";
    };
    responses: {
        /** @description The input is wrong; `field` names what. */
        Problem400: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:invalid_field",
                 *       "title": "A field is wrong",
                 *       "status": 400,
                 *       "detail": "missing: workspace",
                 *       "code": "invalid_field",
                 *       "error": "missing: workspace",
                 *       "message": "Change what `field` names.",
                 *       "field": "workspace"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No valid key. */
        Problem401: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:unauthorized",
                 *       "title": "A valid API key is needed",
                 *       "status": 401,
                 *       "detail": "send a valid key as X-API-Key, or as Authorization: Bearer",
                 *       "code": "unauthorized",
                 *       "error": "Unauthorized",
                 *       "message": "Send the key as `X-API-Key` or `Authorization: Bearer`."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The budget is spent: `Retry-After` says when there is another one, if there will be. */
        Problem402: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:budget_spent",
                 *       "title": "The budget is spent",
                 *       "status": 402,
                 *       "detail": "The budget of this session is spent (QUICK_MAX_COST_USD): start another one",
                 *       "code": "budget_spent",
                 *       "error": "The budget of this session is spent (QUICK_MAX_COST_USD): start another one",
                 *       "message": "Wait for `Retry-After`, or raise DAILY_MAX_COST_USD or QUICK_MAX_COST_USD."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not allowed: the key lacks the scope, or to write, or from this web origin. */
        Problem403: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:scope_missing",
                 *       "title": "The key may not do this",
                 *       "status": 403,
                 *       "detail": "this key lacks the scope execute",
                 *       "code": "scope_missing",
                 *       "error": "this key lacks the scope execute",
                 *       "message": "Use a key with the scope that `detail` names."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such thing. */
        Problem404: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:not_found",
                 *       "title": "Not found",
                 *       "status": 404,
                 *       "detail": "Request not found: req-unknown",
                 *       "code": "not_found",
                 *       "error": "Request not found: req-unknown",
                 *       "message": "Look at the id; `/api-docs` lists the routes."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body did not arrive in time. */
        Problem408: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:request_timeout",
                 *       "title": "The request took too long to arrive",
                 *       "status": 408,
                 *       "detail": "the request did not arrive in time",
                 *       "code": "request_timeout",
                 *       "error": "the request did not arrive in time",
                 *       "message": "Send it again, faster."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It does not fit the present state of the session. */
        Problem409: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:session_busy",
                 *       "title": "The session has active requests",
                 *       "status": 409,
                 *       "detail": "The session of demo has active requests: cancel them, or use force=true",
                 *       "code": "session_busy",
                 *       "error": "The session of demo has active requests: cancel them, or use force=true",
                 *       "message": "Wait, cancel them, or use `force=true`."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The prompt or the body is too large. */
        Problem413: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:prompt_too_large",
                 *       "title": "The prompt is too large",
                 *       "status": 413,
                 *       "detail": "command is longer than 262144 bytes",
                 *       "code": "prompt_too_large",
                 *       "error": "command is longer than 262144 bytes",
                 *       "message": "Put it into a file of the workspace and name that."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not application/json. */
        Problem415: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:unsupported_media_type",
                 *       "title": "The content type is not supported",
                 *       "status": 415,
                 *       "detail": "send application/json",
                 *       "code": "unsupported_media_type",
                 *       "error": "send application/json",
                 *       "message": "Send `Content-Type: application/json`."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The Idempotency-Key, or the `task_id`, came with another body before. */
        Problem422: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:idempotency_mismatch",
                 *       "title": "This key of a request came with another body",
                 *       "status": 422,
                 *       "detail": "This Idempotency-Key came with another body before: use a new one for a new request",
                 *       "code": "idempotency_mismatch",
                 *       "error": "This Idempotency-Key came with another body before: use a new one for a new request",
                 *       "message": "Use a new key for a new request."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests, or the queue is full. */
        Problem429: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:queue_full",
                 *       "title": "The queue is full",
                 *       "status": 429,
                 *       "detail": "The queue of demo is full: try again later",
                 *       "code": "queue_full",
                 *       "error": "The queue of demo is full: try again later",
                 *       "message": "Send it again after `Retry-After`.",
                 *       "retryAfter": 5
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A mistake of the gateway. */
        Problem500: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:internal",
                 *       "title": "Internal error",
                 *       "status": 500,
                 *       "detail": "Something went wrong: see the log of the gateway",
                 *       "code": "internal",
                 *       "error": "Internal server error",
                 *       "message": "Look at the log of the gateway, and report it."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not now: the gateway shuts down, its disk or its database refuses, or the agent is not available. */
        Problem503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:draining",
                 *       "title": "The gateway is shutting down",
                 *       "status": 503,
                 *       "detail": "The gateway is shutting down",
                 *       "code": "draining",
                 *       "error": "The gateway is shutting down",
                 *       "message": "Send it again after `Retry-After`.",
                 *       "retryAfter": 10
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The events behind this place are no longer kept. */
        Problem410: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:cursor_gone",
                 *       "title": "The events are no longer kept",
                 *       "status": 410,
                 *       "detail": "Events up to 40 are no longer kept: begin at 41",
                 *       "code": "cursor_gone",
                 *       "error": "Events up to 40 are no longer kept: begin at 41",
                 *       "message": "Begin at the oldest that is kept, or read what you need anew."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This path speaks WebSocket only. */
        Problem426: {
            headers: {
                Upgrade: components["headers"]["Upgrade"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:upgrade_required",
                 *       "title": "A WebSocket is needed",
                 *       "status": 426,
                 *       "detail": "open a WebSocket on this path",
                 *       "code": "upgrade_required",
                 *       "error": "open a WebSocket on this path",
                 *       "message": "Open a WebSocket."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This machine lacks what terminals need. */
        Problem501: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:terminal_unavailable",
                 *       "title": "This gateway cannot open terminals",
                 *       "status": 501,
                 *       "detail": "node-pty has no build for this platform",
                 *       "code": "terminal_unavailable",
                 *       "error": "node-pty has no build for this platform",
                 *       "message": "Use a platform for which node-pty has a build."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The disk is full: nothing was made. */
        Problem507: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:no_space",
                 *       "title": "The disk is full",
                 *       "status": 507,
                 *       "detail": "The disk has no room for a worktree",
                 *       "code": "no_space",
                 *       "error": "The disk has no room for a worktree",
                 *       "message": "Make room."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The remote of the repository refused, or did not answer in time. */
        Problem502: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:gatehouse:problem:remote_failed",
                 *       "title": "The remote of the repository did not take it",
                 *       "status": 502,
                 *       "detail": "The remote did not answer within 20 s",
                 *       "code": "remote_failed",
                 *       "error": "The remote did not answer within 20 s",
                 *       "message": "Look at `detail`; raise GIT_REMOTE_TIMEOUT_MS."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Where the status of the request is. */
        Location: string;
        /** @description `true` when an earlier request is answered. */
        "Idempotent-Replayed": string;
        /** @description The part of `Prefer` that was honoured. */
        "Preference-Applied": string;
        /** @description Requests allowed in a window. */
        "RateLimit-Limit": number;
        /** @description Requests left in this window. */
        "RateLimit-Remaining": number;
        /** @description Seconds until the window ends. */
        "RateLimit-Reset": number;
        /** @description Seconds after which to ask again. */
        "Retry-After": number;
        /** @description How to authenticate. */
        "WWW-Authenticate": string;
        /** @description Names this state, for `If-None-Match`. */
        ETag: string;
        /** @description `websocket`. */
        Upgrade: string;
        /** @description `fetched`, `no_remote`, or `failed`: then it begins at what was there. */
        "Gatehouse-Fetch": string;
        /** @description Branches that were kept, by commas. */
        "Gatehouse-Kept-Branch": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    execute: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=N`: answer when the request has ended, at the latest after N seconds (at most 60). For example `wait=30`. */
                Prefer?: string;
                /** @description The trace of the caller (W3C): webhooks, hooks and the commands of the agent get it; one that is malformed is as if it were not there. For example `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
                Traceparent?: string;
                /** @description Your own id of this request: sending it again within 24 h answers the first request instead of making another. For example `2026-01-01-nightly`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace": "demo",
                 *       "command": "Say hello."
                 *     }
                 */
                "application/json": components["schemas"]["ExecuteBody"];
            };
        };
        responses: {
            /** @description With `Prefer: wait`: the request has ended. */
            200: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description The request is accepted. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=N`: answer when the request has ended, at the latest after N seconds (at most 60). For example `wait=30`. */
                Prefer?: string;
                /** @description The `ETag` of the answer that you have. For example `W/"0a1b2c"`. */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description As answered by POST /execute.
                 * @example req-mjv3k2a0-4f6Qm8Zr
                 */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request as it stands. */
            200: {
                headers: {
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description Nothing has changed since the answer that had this `ETag`. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readOutput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As answered by POST /execute.
                 * @example req-mjv3k2a0-4f6Qm8Zr
                 */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text of the agent. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancelRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As answered by POST /execute.
                 * @example req-mjv3k2a0-4f6Qm8Zr
                 */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyBody"];
            };
        };
        responses: {
            /** @description The request as it stands. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listRequests: {
        parameters: {
            query?: {
                /** @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters. For example `project-a`. */
                workspace?: string;
                /** @description Only those in this state. For example `failed`. */
                state?: components["schemas"]["RequestState"];
                /** @description Only those that came in here. For example `http`. */
                source?: components["schemas"]["Source"];
                /** @description Only those that were accepted then or later (epoch milliseconds). For example `1767225600000`. */
                from?: number;
                /** @description Only those that were accepted before (epoch milliseconds). For example `1767225600000`. */
                to?: number;
                /** @description The `next` of the page before, with the same filters. */
                cursor?: string;
                /** @description At most so many; 50 when absent. For example `50`. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that match. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
                 * @example project-a
                 */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteSession: {
        parameters: {
            query?: {
                /** @description Ends active requests with the reason `session_deleted`. For example `true`. */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
                 * @example project-a
                 */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is gone. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace": "demo"
                 *     }
                 */
                "application/json": components["schemas"]["CreateSessionBody"];
            };
        };
        responses: {
            /** @description The session was there. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The session is new. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readScreen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
                 * @example project-a
                 */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pane. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    followRequest: {
        parameters: {
            query?: {
                /** @description Begins behind the event with this number; 0 with the oldest that is kept. For example `41`. */
                after?: number;
            };
            header?: {
                /** @description The `id` of the last event that was received; goes before `after`. Empty: as if it were not there. For example `41`. */
                "Last-Event-ID"?: string;
            };
            path: {
                /**
                 * @description As answered by POST /execute.
                 * @example req-mjv3k2a0-4f6Qm8Zr
                 */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request ended at this place or before: do not come again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            410: components["responses"]["Problem410"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    openStream: {
        parameters: {
            query?: {
                /** @description Only events of this request. */
                requestId?: string;
                /** @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters. For example `project-a`. */
                workspace?: string;
                /** @description Begins behind the event with this number; 0 with the oldest that is kept. For example `41`. */
                after?: number;
                /** @description As answered by POST /stream-tickets, instead of a key. */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream is open. Text frames, of the gateway and of the client, are these. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            410: components["responses"]["Problem410"];
            426: components["responses"]["Problem426"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyBody"];
            };
        };
        responses: {
            /** @description The ticket. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    openTerminal: {
        parameters: {
            query?: {
                /** @description Asks for keys to be taken; needs TERMINAL_WRITE_ENABLED. For example `true`. */
                write?: boolean;
                /** @description Asks for a `taken` frame behind each frame of keys, so that none is lost with a connection. For example `true`. */
                confirm?: boolean;
                /** @description Of the terminal; 200 when absent. For example `200`. */
                columns?: number;
                /** @description Of the terminal; 51 when absent. For example `51`. */
                rows?: number;
                /** @description As answered by POST /stream-tickets, instead of a key. */
                ticket?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.
                 * @example project-a
                 */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The terminal is open. Text frames, of the gateway and of the client, are these. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalFrame"] | components["schemas"]["TerminalResizeFrame"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            426: components["responses"]["Problem426"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            501: components["responses"]["Problem501"];
            503: components["responses"]["Problem503"];
        };
    };
    readBotStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the answer that you have. For example `W/"0a1b2c"`. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it does. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotStatus"];
                };
            };
            /** @description Nothing has changed since the answer that had this `ETag`. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    submitTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The trace of the caller (W3C): webhooks, hooks and the commands of the agent get it; one that is malformed is as if it were not there. For example `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
                Traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "task_id": "TASK-1",
                 *       "command": "Say hello."
                 *     }
                 */
                "application/json": components["schemas"]["SubmitTaskBody"];
            };
        };
        responses: {
            /** @description The task is accepted. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedTask"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    joinBot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is open. Text frames, of the gateway and of the client, are these. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotFrame"] | components["schemas"]["BotTaskFrame"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            426: components["responses"]["Problem426"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    startQuickSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "repo": "owner/repo"
                 *     }
                 */
                "application/json": components["schemas"]["StartQuickSessionBody"];
            };
        };
        responses: {
            /** @description The session is ready. */
            201: {
                headers: {
                    "Gatehouse-Fetch": components["headers"]["Gatehouse-Fetch"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickSession"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    sendQuickMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The trace of the caller (W3C): webhooks, hooks and the commands of the agent get it; one that is malformed is as if it were not there. For example `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
                Traceparent?: string;
            };
            path: {
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "List the files in this repo"
                 *     }
                 */
                "application/json": components["schemas"]["SendQuickMessageBody"];
            };
        };
        responses: {
            /** @description The message is on disk. */
            200: {
                headers: {
                    /** @description Where the status of its request is. */
                    Location: string;
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickMessage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listQuickSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickSessionList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readQuickSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickHistory"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteQuickSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is gone. */
            204: {
                headers: {
                    "Gatehouse-Kept-Branch": components["headers"]["Gatehouse-Kept-Branch"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    diffQuickSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes, committed or not. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickDiff"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    publishQuickSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "title": "Handle errors of the login"
                 *     }
                 */
                "application/json": components["schemas"]["PublishQuickSessionBody"];
            };
        };
        responses: {
            /** @description The branch is at the remote. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickPublished"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            502: components["responses"]["Problem502"];
            503: components["responses"]["Problem503"];
        };
    };
    joinQuickSession: {
        parameters: {
            query?: {
                /** @description Begins behind the frame with this `seq`; without it with what comes from now on. For example `41`. */
                after?: number;
                /** @description As answered by POST /stream-tickets, instead of a key. */
                ticket?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Names the session.
                 * @example quick-1706300000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is open. Text frames, of the gateway and of the client, are these. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickFrame"] | components["schemas"]["QuickInputFrame"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            410: components["responses"]["Problem410"];
            426: components["responses"]["Problem426"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Only those in this state. For example `open`. */
                state?: components["schemas"]["ApprovalState"];
                /** @description Only those of this workspace. For example `project-a`. */
                workspace?: string;
                /** @description Only those of this request. For example `req-mjv3k2a0-4f6Qm8Zr`. */
                requestId?: string;
                /** @description At most so many; 100 when absent. For example `100`. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that match. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As listed by GET /approvals.
                 * @example apr-mjv3k2a0-4f6Qm8Zr
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The approval. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As listed by GET /approvals.
                 * @example apr-mjv3k2a0-4f6Qm8Zr
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "decision": "deny",
                 *       "message": "Use the staging database."
                 *     }
                 */
                "application/json": components["schemas"]["DecideApprovalBody"];
            };
        };
        responses: {
            /** @description The approval as decided. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Only those in this state. For example `refused`. */
                state?: components["schemas"]["DeliveryState"];
                /** @description Only those of this kind. For example `answer`. */
                kind?: components["schemas"]["DeliveryKind"];
                /** @description Only those to this address. For example `webhook:https://example.org/hook`. */
                to?: string;
                /** @description Only those of this request. For example `req-mjv3k2a0-4f6Qm8Zr`. */
                requestId?: string;
                /** @description Only those of this workspace. For example `project-a`. */
                workspace?: string;
                /** @description Only those owed to this webhook. For example `whk-mjv3k2a0-4f6Qm8Zr`. */
                webhookId?: string;
                /** @description The `next` of the page before, with the same filters. */
                cursor?: string;
                /** @description At most so many; 50 when absent. For example `50`. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that match. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As listed by GET /deliveries.
                 * @example msg_mjv3k2a04f6c1d2e3b
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyBody"];
            };
        };
        responses: {
            /** @description It is owed again. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.org/hook",
                 *       "events": [
                 *         "request.completed",
                 *         "request.failed"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhookBody"];
            };
        };
        responses: {
            /** @description It is told from now on. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As listed by GET /webhooks.
                 * @example whk-mjv3k2a0-4f6Qm8Zr
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As listed by GET /webhooks.
                 * @example whk-mjv3k2a0-4f6Qm8Zr
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyBody"];
            };
        };
        responses: {
            /** @description It is owed. */
            202: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As listed by GET /webhooks.
                 * @example whk-mjv3k2a0-4f6Qm8Zr
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyBody"];
            };
        };
        responses: {
            /** @description The new secret. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readUsage: {
        parameters: {
            query?: {
                /** @description What is summed up: the days (UTC) when absent. For example `workspace`. */
                by?: components["schemas"]["UsageGroup"];
                /** @description Only turns that ended then or later; 30 days ago when absent (epoch milliseconds). For example `1767225600000`. */
                from?: number;
                /** @description Only turns that ended before; now when absent (epoch milliseconds). For example `1767225600000`. */
                to?: number;
                /** @description At most so many sums; 100 when absent. For example `100`. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly jobs",
                 *       "scopes": [
                 *         "execute",
                 *         "read"
                 *       ],
                 *       "workspaces": [
                 *         "nightly-*"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateKeyBody"];
            };
        };
        responses: {
            /** @description It opens from now on. */
            201: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The part of the key behind `gh_`, as listed by GET /keys.
                 * @example 6f1c2d3e4a5b6c7d
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EmptyBody"];
            };
        };
        responses: {
            /** @description The key as it opens from now on. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The part of the key behind `gh_`, as listed by GET /keys.
                 * @example 6f1c2d3e4a5b6c7d
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readAudit: {
        parameters: {
            query?: {
                /** @description Lines behind the one of this number; 0, or absent: from the first. For example `0`. */
                after?: number;
                /** @description At most so many lines; 100 when absent. For example `100`. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every part works. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            /** @description A part does not work. */
            503: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
            /** @description It starts or shuts down, or its disk refuses. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is measured. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
