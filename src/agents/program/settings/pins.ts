/** What no other settings may change for an agent of ours. Each with its reason in docs/claude-code-settings.md, which lists all keys. */
export const PINS = {
  disableAllHooks: false,
  tui: 'default',
  viewMode: 'default',
  disableAgentView: true,
  promptSuggestionEnabled: false,
  responseComparisonEnabled: false,
  askUserQuestionTimeout: 'never',
  autoContinueAtUsageLimit: false,
  feedbackSurveyRate: 0,
  idleCompaction: false,
  remoteControlAtStartup: false,
  teammateMode: 'in-process',
} as const;
