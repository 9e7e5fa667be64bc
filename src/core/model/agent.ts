/** The CLI programs that we drive. `claude`: Claude Code at its terminal. `claude-print`: `claude -p`, line by line. */
export const AGENTS = ['claude', 'claude-print'] as const;
export type AgentName = (typeof AGENTS)[number];
