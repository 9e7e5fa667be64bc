/** The CLI programs that we drive. `claude-print` joins this list with its driver. */
export const AGENTS = ['claude'] as const;
export type AgentName = (typeof AGENTS)[number];
