import { expect, test } from '@jest/globals';
import { toSettings } from '../../../../../src/agents/claude/hooks/settings.ts';
import { readConfig } from '../../../../../src/config/config.ts';

test('an agent hook for a permission is waited for longer than any approval may be open', () => {
  const { hooks } = toSettings(3010) as { readonly hooks: Readonly<Record<string, unknown>> };
  const hook = { type: 'http', url: 'http://127.0.0.1:3010/agent-hooks', timeout: 25 * 3600 };
  expect(hooks['PermissionRequest']).toMatchObject([{ hooks: [hook] }]);
  expect(() => readConfig({ APPROVAL_TIMEOUT_MS: String(hook.timeout * 1000) })).toThrow('APPROVAL_TIMEOUT_MS');
});

test('nobody who listens: no prompt for the model', () => {
  const { hooks } = toSettings(3010) as { readonly hooks: Readonly<Record<string, unknown>> };
  expect(hooks['UserPromptSubmit']).toMatchObject([{ hooks: [{ type: 'http', onFailure: 'block' }] }]);
});

test('the variables of the driver stand beside its editor', () => {
  const { env } = toSettings(3010, [], 'default', '/editor', { ONE: '1' }) as { readonly env: unknown };
  expect(env).toEqual({ ONE: '1', VISUAL: '/editor', EDITOR: '/editor' });
});
