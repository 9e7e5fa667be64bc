/** The CLI programs that we drive. */
export const AGENTS = ['claude'] as const;
export type AgentName = (typeof AGENTS)[number];
